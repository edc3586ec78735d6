using FhirMg.Reasoning.Evaluation;

namespace FhirMg.Reasoning.Proposing;

/// <summary>What of a resource is one patient's own, and differs from the same resource of others.</summary>
internal sealed record OwnContent
{
    /// <summary>The value of its identifier, or of the tag in its stead.</summary>
    public required string Identifier { get; init; }

    /// <summary>The reference to the patient.</summary>
    public required string Subject { get; init; }

    /// <summary>When it was concluded, as FHIR writes it.</summary>
    public required string Authored { get; init; }

    /// <summary>The reference to the encounter; null for none.</summary>
    public string? Encounter { get; init; }

    /// <summary>What it gives as reasons.</summary>
    public IReadOnlyList<Evidence> Reasons { get; init; } = [];

    /// <summary>What else it rests on.</summary>
    public IReadOnlyList<Evidence> Supporting { get; init; } = [];

    /// <summary>References to resources written with it.</summary>
    public IReadOnlyList<string> Siblings { get; init; } = [];
}
