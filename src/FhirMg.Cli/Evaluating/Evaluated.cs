using FhirMg.Cli.Servers;
using FhirMg.Reasoning.Evaluation;

namespace FhirMg.Cli.Evaluating;

/// <summary>A patient's assessment, with what a server adds to it.</summary>
internal sealed record Evaluated(Assessment Assessment)
{
    /// <summary>What the server could not give, or said beside its data.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What was, or would be, written; null where nobody asked.</summary>
    public WriteAccount? Writes { get; init; }
}
