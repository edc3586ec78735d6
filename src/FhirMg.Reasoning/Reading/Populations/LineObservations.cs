using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>What the Observation of a line says, as its record has it: what is only written down needs no facts.</summary>
internal sealed class LineObservations(FactRecords facts)
{
    private readonly RecordWriter _record = new();
    private readonly RecordWriter _versionId = new();
    private readonly RecordWriter _time = new();
    private bool _isInstant;

    /// <summary>How many results there are: its own, and those of components.</summary>
    public int Count { get; private set; }

    /// <summary>The results, one after the other.</summary>
    public ReadOnlySpan<byte> Bytes => _record.Bytes;

    /// <summary>Forgets the line.</summary>
    public void Clear()
    {
        Count = 0;
        _record.Clear();
    }

    /// <summary>Takes what all results of the Observation share.</summary>
    /// <param name="reader">Its reader; a time that is no UTF-8 is malformed.</param>
    /// <param name="versionId">Its version as written, or empty.</param>
    /// <param name="time">Its time as written, or empty.</param>
    /// <param name="isInstant">Whether that was read as an instant, and not as a dateTime.</param>
    public void Begin(ref ElementReader reader, ReadOnlySpan<byte> versionId, ReadOnlySpan<byte> time, bool isInstant)
    {
        // What is no UTF-8 in a version is no reason to set the resource aside.
        var words = reader;
        _versionId.Clear();
        _versionId.Text(ref words, versionId);
        _time.Clear();
        _time.Text(ref reader, time);
        _isInstant = isInstant;
    }

    /// <summary>Takes a result.</summary>
    public void Add(in Measurement measurement, bool malformed, bool preliminary, SetAsideReason early, SetAsideReason late, in FhirTime issued, in Interval value, Unit? unit)
    {
        Count++;
        var unitText = late == SetAsideReason.Unit ? measurement.UnitText : null;
        facts.WriteObservation(_record, (malformed, preliminary, measurement.IsPositive, _isInstant), measurement.Row, measurement.Interpretation, early, late, unit, _versionId.Bytes, _time.Bytes,
            issued, value, measurement.Reference, unitText);
    }
}
