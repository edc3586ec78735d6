namespace FhirMg.Fhir.Writing;

/// <summary>How patient a write-back is.</summary>
public sealed record WriteBackOptions
{
    /// <summary>For how long searches that do not yet see what was written are repeated.</summary>
    public TimeSpan SearchLag { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often it is decided again after somebody else was faster.</summary>
    public int Rounds { get; init; } = 8;

    /// <summary>The clock that waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
