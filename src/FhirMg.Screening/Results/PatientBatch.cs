using System.Buffers;

namespace FhirMg.Screening.Results;

/// <summary>Patients that one worker evaluated, with their outputs already written.</summary>
internal sealed class PatientBatch
{
    public List<ScreenedPatient> Patients { get; } = [];

    /// <summary>Reports, a line each.</summary>
    public ArrayBufferWriter<byte> Reports { get; } = new();

    /// <summary>Transaction Bundles of those for whom something is proposed, a line each.</summary>
    public ArrayBufferWriter<byte> Proposals { get; } = new();

    /// <summary>What was set aside.</summary>
    public List<SetAsideRow> SetAside { get; } = [];

    /// <summary>Makes room for other patients, in the same memory.</summary>
    public void Clear()
    {
        Patients.Clear();
        Reports.ResetWrittenCount();
        Proposals.ResetWrittenCount();
        SetAside.Clear();
    }
}

/// <summary>A row of <c>set-aside.csv</c>.</summary>
/// <param name="Source">The file.</param>
/// <param name="Line">The line in it; null when the whole file is meant.</param>
/// <param name="Resource">The resource; empty when nobody could read which.</param>
/// <param name="Reason">The word of the report contract, or <c>unreadable</c>.</param>
/// <param name="Unit">The unit as written, where it is the reason.</param>
/// <param name="Detail">What is wrong with what is unreadable.</param>
internal sealed record SetAsideRow(string Source, long? Line, string Resource, string Reason, string Unit, string Detail);
