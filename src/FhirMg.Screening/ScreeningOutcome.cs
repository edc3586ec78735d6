using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening;

/// <summary>What a run read and found.</summary>
public sealed record ScreeningOutcome
{
    /// <summary>Whether the run went on where an earlier one was stopped.</summary>
    public bool WasResumed { get; init; }

    /// <summary>Files read, wholly or in part.</summary>
    public required int Files { get; init; }

    /// <summary>Bytes of input, unpacked.</summary>
    public required long Bytes { get; init; }

    /// <summary>Resources seen, also those that no rule asks for.</summary>
    public required long Resources { get; init; }

    /// <summary>Resources that bear on a rule.</summary>
    public required long Relevant { get; init; }

    /// <summary>Patients with a report.</summary>
    public required long Patients { get; init; }

    /// <summary>Resources that another with the same type and id replaced.</summary>
    public required long Replaced { get; init; }

    /// <summary>Resources that say of no patient, readably, whom they are about.</summary>
    public required long WithoutSubject { get; init; }

    /// <summary>Rows of <c>set-aside.csv</c>.</summary>
    public required long SetAside { get; init; }

    /// <summary>Input that could not be read, in the order of files and lines; at most <see cref="FaultsNamed"/>.</summary>
    public required IReadOnlyList<ReadFault> Faults { get; init; }

    /// <summary>How many faults there were, also those not named.</summary>
    public required long FaultCount { get; init; }

    /// <summary>The most faults that are named one by one.</summary>
    public const int FaultsNamed = 1000;
}
