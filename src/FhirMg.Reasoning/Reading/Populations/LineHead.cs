namespace FhirMg.Reasoning.Reading;

/// <summary>Which resource a line holds and whom that is about, packed as the head of its record has it: no facts of a line repeat it.</summary>
internal sealed class LineHead(FactRecords facts)
{
    private readonly RecordWriter _id = new();
    private readonly RecordWriter _key = new();

    /// <summary>What an Observation says.</summary>
    public LineObservations Observations { get; } = new(facts);

    /// <summary>The type; <see cref="ResourceType.Other"/> where the resource does not bear on a rule.</summary>
    public ResourceType Type { get; private set; }

    /// <summary>The id; empty when there is none.</summary>
    public ReadOnlySpan<byte> Id => _id.Bytes;

    /// <summary><c>meta.lastUpdated</c>; absent when not stated.</summary>
    public FhirTime LastUpdated { get; private set; }

    /// <summary>How the resource says whom it is about.</summary>
    public SubjectForm Form { get; private set; }

    /// <summary>What all facts about one patient share; empty where only the place of the line tells.</summary>
    public ReadOnlySpan<byte> Key => _key.Bytes;

    /// <summary>The url of the patient, where it is one of the web.</summary>
    public string? Reference { get; private set; }

    /// <summary>Forgets the line.</summary>
    public void Clear()
    {
        (Type, LastUpdated, Form, Reference) = (ResourceType.Other, default, SubjectForm.None, null);
        _id.Clear();
        _key.Clear();
        Observations.Clear();
    }

    /// <summary>Takes a resource that bears on a rule.</summary>
    public void Claim(ref ElementReader reader, in Header header)
    {
        (Type, LastUpdated) = (header.Type, header.LastUpdated);
        if (!header.Id.IsEmpty)
        {
            _id.Text(ref reader, header.Id);
        }
    }

    /// <summary>The resource is a Patient.</summary>
    public void IsPatient()
    {
        Form = Id.IsEmpty ? SubjectForm.Other : SubjectForm.Relative;
        _key.Packed(Id);
    }

    /// <summary>The resource contains its patient.</summary>
    public void ContainsPatient() => Form = SubjectForm.Contained;

    /// <summary>The resource refers to its patient.</summary>
    public void RefersTo(ref ElementReader reader, ReadOnlySpan<byte> reference)
    {
        if (References.TryPatientId(reference, out var id))
        {
            Form = SubjectForm.Relative;
            _key.Text(id);
            return;
        }

        var text = References.WithoutVersion(reader.Text(reference)!);
        if (References.TrySplit(text, "Patient", out var last, out var isRelative))
        {
            Form = isRelative ? SubjectForm.Relative : References.IsWeb(text) ? SubjectForm.Web : SubjectForm.Other;
            _key.Text(Form == SubjectForm.Other ? text : last);
            Reference = Form == SubjectForm.Web ? text : null;
        }
    }
}
