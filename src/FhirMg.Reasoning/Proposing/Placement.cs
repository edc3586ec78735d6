namespace FhirMg.Reasoning.Proposing;

/// <summary>What becomes of a resource that an assessment asks for, given what is already there.</summary>
public sealed record Placement
{
    /// <summary>It is written as composed.</summary>
    public static Placement New { get; } = new();

    /// <summary>It is not written, yet part of what was concluded.</summary>
    public static Placement Omitted { get; } = new() { IsOmitted = true };

    /// <summary>How many resources with its content came before and are closed; each time it is proposed anew its identifier is another.</summary>
    public int Generation { get; init; }

    /// <summary>The resource that is there already (<c>Type/id</c>), which others refer to in its stead; null for none.</summary>
    public string? Held { get; init; }

    /// <summary>The proposal that this one takes the place of (<c>Type/id</c>); null for none.</summary>
    public string? Replaces { get; init; }

    /// <summary>Whether it is left out.</summary>
    public bool IsOmitted { get; init; }

    /// <summary>Whether it is left out for a time only: its later writing is news, and gets a Provenance of its own.</summary>
    public bool IsSilenced { get; init; }
}
