using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Screening;

/// <summary>What the command line asks to be screened.</summary>
internal sealed record ScreenRequest
{
    public required IReadOnlyList<string> Inputs { get; init; }

    public required string Out { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public required Language Language { get; init; }

    public required string? KnowledgeFolder { get; init; }

    public required IReadOnlyList<AdditionalCode> AdditionalCodes { get; init; }

    public required RuleSet DisabledRules { get; init; }

    public required int Threads { get; init; }

    /// <summary>Bytes; null for half of the machine's.</summary>
    public required long? MaxMemory { get; init; }

    public required bool Resume { get; init; }

    /// <summary>The smallest count that the cohort study shows, zero aside; 0 hides nothing.</summary>
    public required int SuppressBelow { get; init; }

    /// <summary>The population to fetch from a server; null for files.</summary>
    public required PopulationRequest? Population { get; init; }
}
