using System.Text.Json;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>What became of a line.</summary>
public enum LineReading
{
    /// <summary>A resource that bears on no rule.</summary>
    PassedOver,

    /// <summary>A resource that bears on a rule: its record is to be kept.</summary>
    Kept,

    /// <summary>It cannot be read; the others count.</summary>
    Fault,
}

/// <summary>
/// Reads a population line by line, each resource into a record of few bytes from which <see cref="PatientAssembler"/> makes the
/// same facts as <see cref="InputReader"/> does of the whole. One a thread. Never throws for content.
/// </summary>
public sealed class PopulationReader
{
    private readonly DocumentBuilder _line;
    private readonly List<DocumentBuilder> _bundles = [];
    private readonly FactRecords _facts;
    private readonly RecordWriter _record = new();
    private readonly JsonIndex _index = new();

    /// <summary>A reader.</summary>
    /// <param name="knowledge">What the codes are looked up in.</param>
    /// <param name="labels">Words that the facts share; one for all threads.</param>
    public PopulationReader(Knowledge knowledge, LabelTable labels)
    {
        _line = new(knowledge) { IsLine = true };
        _facts = new(knowledge, labels);
    }

    /// <summary>The record of the line kept last.</summary>
    public ReadOnlySpan<byte> Record => _record.Bytes;

    /// <summary>Decides into which partition the record falls; the same for all resources of a patient.</summary>
    public ulong Partition { get; private set; }

    /// <summary>Whether the record belongs to no patient: a Medication, what takes an older version's place, what has no readable subject.</summary>
    public bool IsLoose { get; private set; }

    /// <summary>The same for resources with the same type and id, and rarely for others; 0 for one without an id.</summary>
    public ulong Identity { get; private set; }

    /// <summary>Why the line read last cannot be read, and what to do; null when it can.</summary>
    public (string Problem, string Advice)? Fault { get; private set; }

    /// <summary>Reads a line.</summary>
    /// <param name="line">Its bytes, without white space around them; not empty.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="number">Its number among the resources of its piece of the file.</param>
    /// <param name="mayBeCut">Whether the line may be cut off, so that it is looked at even where no rule asks for it.</param>
    public LineReading Read(ReadOnlySpan<byte> line, in FactPlace place, in ResourceNumber number, bool mayBeCut = false)
    {
        Fault = null;
        if (line[0] != '{')
        {
            return Failed("it is no JSON object", "Put one resource on each line");
        }

        if (!mayBeCut && LineFilter.IsIrrelevant(line, _line.Knowledge.Terminology))
        {
            return LineReading.PassedOver;
        }

        _line.NextLine();
        _bundles.Clear();
        _index.Trim();
        try
        {
            _index.Build(line);
            var reader = new ElementReader(new(line, _index));
            reader.Json.Read();
            var isResource = BundleReader.Read(ref reader, _line, _bundles, default, 0);
            reader.Json.Read();
            if (!isResource)
            {
                return Failed("it has no resourceType, so it is no FHIR resource", "Put one FHIR R4 resource on each line");
            }
        }
        catch (JsonException e)
        {
            return Failed($"it is no valid JSON: {InputReader.Reason(e)}", "This line was left out; the others count");
        }

        return _bundles.Count > 0 ? Failed("it is a Bundle, and a population is screened by single resources", "Put one resource on each line, as in a bulk export (jq -c '.entry[].resource'); 'fhirmg evaluate' reads Bundles")
            : _line.ForeignWitness is { } witness ? Failed($"it is not FHIR R4 but {witness}", "Ask the server for R4 (fhirVersion=4.0), or convert it; nothing of it was evaluated")
            : Keep(place, number);
    }

    private LineReading Failed(string problem, string advice)
    {
        Fault = (problem, advice);
        return LineReading.Fault;
    }

    private LineReading Keep(in FactPlace place, in ResourceNumber number)
    {
        var claimed = _line.Claimed;
        if (claimed.Type == ResourceType.Other)
        {
            return LineReading.PassedOver;
        }

        _record.Clear();
        var fact = First();
        if (fact is null)
        {
            if (claimed.Id is null)
            {
                return LineReading.PassedOver;
            }

            RecordHead.Write(_record, claimed, claimed.Type, gone: true, SubjectForm.None, place, number);
            IsLoose = true;
        }
        else
        {
            WriteHead(claimed, fact, place, number);
            WriteFacts(claimed.Type);
        }

        var record = new RecordReader(_record.Bytes);
        var head = RecordHead.Read(ref record);
        Partition = StableHash.Of(head.Key);
        Identity = claimed.Id is null ? 0 : StableHash.Of(head.Id, 1 + (ulong)head.Type);
        return LineReading.Kept;
    }

    private Fact? First() => _line.Observations.Count > 0 ? _line.Observations[0]
        : _line.Patients.Count > 0 ? _line.Patients[0]
        : _line.Conditions.Count > 0 ? _line.Conditions[0]
        : _line.Medicines.Count > 0 ? _line.Medicines[0]
        : _line.Encounters.Count > 0 ? _line.Encounters[0]
        : _line.Allergies.Count > 0 ? _line.Allergies[0]
        : _line.Manifestations.Count > 0 ? _line.Manifestations[0]
        : _line.Medications.Count > 0 ? _line.Medications[0]
        : null;

    private void WriteHead(in ClaimedIdentity claimed, Fact fact, in FactPlace place, in ResourceNumber number)
    {
        var (form, key, reference) = fact is PatientFact
            ? (claimed.Id is null ? SubjectForm.Other : SubjectForm.Relative, claimed.Id ?? OnlyHere(place), null)
            : SubjectOf(fact.Subject, place);
        IsLoose = form == SubjectForm.None;
        RecordHead.Write(_record, claimed, claimed.Type, gone: false, form, place, number);
        if (form != SubjectForm.None)
        {
            _record.Text(key);
        }

        if (form == SubjectForm.Web)
        {
            _record.Text(reference);
        }
        else if (form == SubjectForm.Contained)
        {
            var patient = _line.ContainedPatients[0];
            _record.Text(patient.Name[fact.Name.Length..]);
            FactRecords.Write(_record, patient);
        }
    }

    private static (SubjectForm Form, string? Key, string? Reference) SubjectOf(string? subject, in FactPlace place)
    {
        if (subject is null)
        {
            return default;
        }

        if (subject[0] == References.ContainedMark)
        {
            return (SubjectForm.Contained, OnlyHere(place), null);
        }

        var reference = References.WithoutVersion(subject);
        return !References.TrySplit(reference, "Patient", out var id, out var isRelative) ? default
            : isRelative ? (SubjectForm.Relative, id, null)
            : References.IsWeb(reference) ? (SubjectForm.Web, id, reference)
            : (SubjectForm.Other, reference, null);
    }

    // A key that no reference can have.
    private static string OnlyHere(in FactPlace place) => $"{References.ContainedMark}{place.File}:{place.Line}";

    private void WriteFacts(ResourceType type)
    {
        switch (type)
        {
            case ResourceType.Patient:
                FactRecords.Write(_record, _line.Patients[0]);
                break;
            case ResourceType.Observation:
                _record.Number((ulong)_line.Observations.Count);
                _line.Observations.ForEach(fact => _facts.Write(_record, fact));
                break;
            case ResourceType.Condition:
                _facts.Write(_record, _line.Conditions[0]);
                break;
            case ResourceType.Encounter:
                FactRecords.Write(_record, _line.Encounters[0]);
                break;
            case ResourceType.Medication:
                _facts.Write(_record, _line.Medications[0]);
                break;
            case ResourceType.AllergyIntolerance:
                _facts.Write(_record, _line.Allergies[0]);
                break;
            case ResourceType.QuestionnaireResponse:
                FactRecords.Write(_record, _line.Manifestations[0]);
                break;
            default:
                _facts.Write(_record, _line.Medicines[0]);
                break;
        }
    }
}
