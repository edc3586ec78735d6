using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>A card about the patient that a person has overridden: as good as a rejected proposal.</summary>
/// <param name="Rule">The rule of the card.</param>
/// <param name="When">When it was overridden.</param>
/// <param name="Class">The deficiency class that it was shown under.</param>
public sealed record OverriddenCard(Rule Rule, DateTimeOffset When, Deficiency Class);

/// <summary>How patient a write-back is, and what it has to know beside what the server holds.</summary>
public sealed record WriteBackOptions
{
    /// <summary>For how long searches that do not yet see what was written are repeated.</summary>
    public TimeSpan SearchLag { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often it is decided again after somebody else was faster.</summary>
    public int Rounds { get; init; } = 8;

    /// <summary>What people have overridden in feedback on cards.</summary>
    public IReadOnlyList<OverriddenCard> Overridden { get; init; } = [];

    /// <summary>
    /// Whether scopes to create and update count as granted in <see cref="WriteBack.PlanAsync"/>: for who only looks, and so has asked for
    /// none. Writing goes by what is granted, always.
    /// </summary>
    public bool AssumesWriteScopes { get; init; }

    /// <summary>The clock that waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
