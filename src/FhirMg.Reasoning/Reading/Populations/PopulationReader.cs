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
    private const int Likely = 8;
    private readonly LineHead _head;
    private readonly DocumentBuilder _line;
    private readonly List<DocumentBuilder> _bundles = [];
    private readonly FactRecords _facts;
    private readonly RecordWriter _record = new();
    private readonly JsonIndex _index = new();

    private readonly ResourceShapes _shapes = new();

    // Where one line after the other was kept, the next is likely to be as well.
    private int _keptInTurn;

    /// <summary>A reader.</summary>
    /// <param name="knowledge">What the codes are looked up in.</param>
    /// <param name="labels">Words that the facts share; one for all threads.</param>
    public PopulationReader(Knowledge knowledge, LabelTable labels)
    {
        _facts = new(knowledge, labels);
        _head = new(_facts);
        _line = new(knowledge) { Line = _head };
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

    /// <summary>How many lines needed only their texts to be read.</summary>
    internal long ReadByShape => _shapes.Fitted;

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

        var isLookedAhead = _keptInTurn < Likely;
        if (isLookedAhead && IsIrrelevant(line, mayBeCut))
        {
            _keptInTurn = 0;
            return LineReading.PassedOver;
        }

        var reading = TryReadByShape(line) ? Keep(place, number) : ReadWhole(line, place, number);
        _keptInTurn = reading == LineReading.Kept ? _keptInTurn + 1 : 0;
        if (reading == LineReading.Kept || isLookedAhead || !IsIrrelevant(line, mayBeCut))
        {
            return reading;
        }

        Fault = null;
        return LineReading.PassedOver;
    }

    private bool IsIrrelevant(ReadOnlySpan<byte> line, bool mayBeCut) => !mayBeCut && LineFilter.IsIrrelevant(line, _line.Knowledge.Terminology);

    private bool TryReadByShape(ReadOnlySpan<byte> line)
    {
        var texts = new ResourceTexts(line);
        if (_shapes.Find(line, ref texts, out var length) is not { } shape || length < line.Length)
        {
            return false;
        }

        _line.NextLine();
        _bundles.Clear();
        shape.Read(texts, Header.Of(shape.Type, texts, default, 0), _line);
        return true;
    }

    private LineReading ReadWhole(ReadOnlySpan<byte> line, in FactPlace place, in ResourceNumber number)
    {
        _line.NextLine();
        _bundles.Clear();
        _index.Trim();
        try
        {
            _index.Build(line);
            var reader = new ElementReader(new(line, _index));
            reader.Json.Read();
            reader.LearnWith(_shapes);
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
        var hasFact = HasFact();
        if (_head.Type == ResourceType.Other || (!hasFact && _head.Id.IsEmpty))
        {
            return LineReading.PassedOver;
        }

        if (_line.Patients.Count > 0)
        {
            _head.IsPatient();
        }

        var form = hasFact ? _head.Form : SubjectForm.None;
        IsLoose = form == SubjectForm.None;
        _record.Clear();
        RecordHead.Write(_record, _head, gone: !hasFact, form, place, number);
        Partition = StableHash.Of(WriteKey(form, place));
        Identity = _head.Id.IsEmpty ? 0 : StableHash.Of(_head.Id, 1 + (ulong)_head.Type);
        if (hasFact)
        {
            WriteFacts(_head.Type);
        }

        return LineReading.Kept;
    }

    private ReadOnlySpan<byte> WriteKey(SubjectForm form, in FactPlace place)
    {
        var start = _record.Bytes.Length;
        if (form != SubjectForm.None && !_head.Key.IsEmpty)
        {
            _record.Packed(_head.Key);
        }
        else if (form != SubjectForm.None)
        {
            // A key that no reference can have.
            _record.Text($"{References.ContainedMark}{place.File}:{place.Line}");
        }

        var key = _record.Bytes[start..];
        if (form == SubjectForm.Web)
        {
            _record.Text(_head.Reference);
        }
        else if (form == SubjectForm.Contained)
        {
            _record.Text(_line.ContainedPatients[0].Name);
            FactRecords.Write(_record, _line.ContainedPatients[0]);
        }

        return key;
    }

    private bool HasFact() => _head.Observations.Count > 0 || _line.Patients.Count > 0 || _line.Conditions.Count > 0 || _line.Medicines.Count > 0 || _line.Encounters.Count > 0
        || _line.Allergies.Count > 0 || _line.Manifestations.Count > 0 || _line.Medications.Count > 0;

    private void WriteFacts(ResourceType type)
    {
        switch (type)
        {
            case ResourceType.Patient:
                FactRecords.Write(_record, _line.Patients[0]);
                break;
            case ResourceType.Observation:
                _record.Number((ulong)_head.Observations.Count);
                _record.Packed(_head.Observations.Bytes);
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
