namespace FhirMg.Screening;

/// <summary>What a run is doing.</summary>
public enum ScreeningPhase
{
    /// <summary>The input is read.</summary>
    Reading,

    /// <summary>Patients are evaluated and results written.</summary>
    Evaluating,
}

/// <summary>How far a run has come.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Done">Bytes of input read (as they lie on disk), or patients evaluated.</param>
/// <param name="Total">How many there are; null when nobody knows, as for standard input.</param>
/// <param name="Resources">Resources seen so far.</param>
/// <param name="Patients">Patients evaluated so far.</param>
public readonly record struct ScreeningProgress(ScreeningPhase Phase, long Done, long? Total, long Resources, long Patients);
