using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>The Medications of a population, which any patient's medicines may refer to.</summary>
public sealed class PopulationMedications
{
    private readonly FactRecords _facts;
    private readonly Dictionary<(ulong, ulong), int> _byId = [];
    private readonly Dictionary<(MedicineCodes, string?), int> _numbers = [];
    private readonly List<(MedicineCodes Codes, string? Label)> _contents = [];

    /// <summary>None so far.</summary>
    /// <param name="knowledge">What the codes were looked up in.</param>
    /// <param name="labels">Words that the records share.</param>
    public PopulationMedications(Knowledge knowledge, LabelTable labels) => _facts = new(knowledge, labels);

    /// <summary>How many there are.</summary>
    public int Count => _byId.Count;

    /// <summary>Takes a record when it is of a Medication that others can refer to.</summary>
    public void Add(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record);
        var head = RecordHead.Read(ref reader);
        if (head.Type != ResourceType.Medication || head.Id.IsEmpty)
        {
            return;
        }

        // Ten million Medications say few different things.
        var content = _facts.ReadMedication(ref reader);
        if (!_numbers.TryGetValue(content, out var number))
        {
            _numbers[content] = number = _contents.Count;
            _contents.Add(content);
        }

        _byId[Key(head.Id)] = number;
    }

    internal MedicineFact Complete(MedicineFact fact)
    {
        if (fact.MedicationReference is not { } text)
        {
            return fact;
        }

        var reference = References.WithoutVersion(text);
        if (!References.TrySplit(reference, "Medication", out var id, out var isRelative) || !(isRelative || References.IsWeb(reference)))
        {
            return fact;
        }

        var packed = new RecordWriter();
        packed.Text(id);
        return _byId.TryGetValue(Key(packed.Bytes), out var number)
            ? fact with { Codes = fact.Codes.And(_contents[number].Codes), Label = fact.Label ?? _contents[number].Label }
            : fact;
    }

    private static (ulong, ulong) Key(ReadOnlySpan<byte> id) => (StableHash.Of(id), StableHash.Of(id, ulong.MaxValue));
}
