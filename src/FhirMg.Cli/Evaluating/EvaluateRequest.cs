using FhirMg.Cli.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Evaluating;

/// <summary>What the command line asks to be evaluated, and how it is shown.</summary>
internal sealed record EvaluateRequest
{
    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Patients { get; init; }

    public required string Format { get; init; }

    public required Language Language { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public required string? KnowledgeFolder { get; init; }

    public required IReadOnlyList<AdditionalCode> AdditionalCodes { get; init; }

    public required RuleSet DisabledRules { get; init; }

    public required FileInfo? Plot { get; init; }

    public required FileInfo? Output { get; init; }

    /// <summary>The server to read from; null for files.</summary>
    public required ServerRequest? Server { get; init; }

    /// <summary>The knowledge with this site's codes and without the rules that it has switched off.</summary>
    /// <exception cref="UsageException">A value set is unknown, or a rule cannot be switched off.</exception>
    /// <exception cref="KnowledgeException">The knowledge itself cannot be used.</exception>
    public Knowledge Knowledge() => SiteKnowledge.Load(KnowledgeFolder, AdditionalCodes, DisabledRules);
}
