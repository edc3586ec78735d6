using System.Text;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Collects the facts of one document: a closed set of resources.</summary>
internal sealed class DocumentBuilder(Knowledge knowledge)
{
    private const int Commonly = 16;
    private const int CommonNames = 32;

    // By name, its position.
    private readonly Dictionary<string, int> _resources = new(CommonNames, StringComparer.Ordinal);

    // By position, when the versions of a history were made.
    private readonly Dictionary<int, FhirTime> _updated = [];
    private readonly HashSet<int> _replaced = [];
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seenSubjects = new(StringComparer.Ordinal);
    private byte[] _lastSubjectUtf8 = [];
    private string? _lastSubject;
    private int _ordinal;

    public Knowledge Knowledge => knowledge;

    /// <summary>How many Bundles this one stands in, itself included; none for single resources.</summary>
    public int Depth { get; init; }

    /// <summary>Whether this is a history: versions of one resource are told apart by when they were made.</summary>
    public bool IsHistory { get; set; }

    /// <summary>Whose drafts the MedicationRequests being read are (<c>Patient/id</c>); null while they are orders.</summary>
    public string? DraftsOf { get; set; }

    /// <summary>Ids of records that were merged into that patient's: drafts for them are the patient's too.</summary>
    public IReadOnlyCollection<string> DraftsFormerlyOf { get; set; } = [];

    /// <summary>The patient (<c>Patient/id</c>) whom the records of <see cref="Joined"/> were merged into; null when none were.</summary>
    public string? JoinedTo { get; set; }

    /// <summary>Records (<c>Patient/id</c>) that were merged into that patient's: what is about them is about the patient.</summary>
    public IReadOnlyCollection<string> Joined { get; set; } = [];

    /// <summary>Resources of known shapes, which are read by them; null where each is read whole.</summary>
    public KnownResources? Known { get; set; }

    /// <summary>What betrays another FHIR version than R4; null when nothing does.</summary>
    public string? ForeignWitness { get; private set; }

    public List<PatientFact> Patients { get; } = [];

    public List<PatientFact> ContainedPatients { get; } = [];

    public List<ObservationFact> Observations { get; } = new(Commonly);

    public List<ConditionFact> Conditions { get; } = [];

    public List<EncounterFact> Encounters { get; } = [];

    public List<MedicineFact> Medicines { get; } = [];

    public List<MedicationFact> Medications { get; } = [];

    public List<AllergyFact> Allergies { get; } = [];

    public List<ManifestationsFact> Manifestations { get; } = [];

    /// <summary>Every subject that a resource of the types read refers to, in order: each gets a report.</summary>
    public List<string> Subjects { get; } = [];

    /// <summary>
    /// Where each line of a population is read by itself, what it says of its identity and of whom it is about. What replaces what is then
    /// found out later, facts have neither name nor subject, and no list of subjects is kept. Null for documents.
    /// </summary>
    public LineHead? Line { get; init; }

    /// <summary>Forgets the line read, for the next.</summary>
    public void NextLine()
    {
        Patients.Clear();
        ContainedPatients.Clear();
        Conditions.Clear();
        Encounters.Clear();
        Medicines.Clear();
        Medications.Clear();
        Allergies.Clear();
        Manifestations.Clear();
        ForeignWitness = null;
        Line?.Clear();
    }

    /// <summary>Remembers a sign of another FHIR version.</summary>
    public void Foreign(string version, string witness) => ForeignWitness ??= $"{version}: {witness}";

    /// <summary>How far the document has come, for <see cref="Forget"/>.</summary>
    public (int Ordinal, int Subjects) Position => (_ordinal, Subjects.Count);

    /// <summary>Takes back every resource from a position on: it turned out that they are not to be read.</summary>
    public void Forget((int Ordinal, int Subjects) position)
    {
        ForeignWitness = null;
        _lastSubjectUtf8 = [];
        foreach (var subject in Subjects[position.Subjects..])
        {
            _seenSubjects.Remove(subject);
        }

        Subjects.RemoveRange(position.Subjects, Subjects.Count - position.Subjects);
        ForgetBetween(position.Ordinal, _ordinal);
    }

    /// <summary>The resources from one position up to another no longer count.</summary>
    public void ForgetBetween(int from, int to) => _replaced.UnionWith(Enumerable.Range(from, to - from));

    /// <summary>Whether a fact's resource was replaced by a later one with the same type and id.</summary>
    public bool IsReplaced(Fact fact) => _replaced.Contains(fact.Ordinal);

    /// <summary>Whether anything was replaced or deleted.</summary>
    public bool HasReplaced => _replaced.Count > 0;

    /// <summary>Remembers that the newest entry of a history deletes a resource; older versions of it do not count.</summary>
    /// <param name="url">The url of the request, which servers write relative or absolute.</param>
    public void Delete(string url)
    {
        var segments = References.WithoutVersion(url).TrimEnd('/').Split('/');
        if (segments.Length >= 2)
        {
            _deleted.Add($"{segments[^2]}/{segments[^1]}");
        }
    }

    /// <summary>How the facts of the resource name it.</summary>
    public string Name(ref ElementReader reader, in Header header) => Line is null ? header.Name(ref reader) : "";

    /// <summary>Gives the resource its position; the later of two with the same type and id replaces the earlier.</summary>
    /// <param name="reader">The resource's reader.</param>
    /// <param name="header">What the resource says of itself.</param>
    /// <param name="name">Its name, where it leaves a fact; null where it does not.</param>
    /// <param name="bears">Whether it would leave a fact but for its status, so that it takes an older version's place.</param>
    public int Claim(ref ElementReader reader, in Header header, string? name, bool bears = false)
    {
        var ordinal = _ordinal++;
        if (Line is not null)
        {
            if (name is not null || bears)
            {
                Line.Claim(ref reader, header);
            }

            return ordinal;
        }

        if (name is null)
        {
            Subject(ref reader, header);
        }

        if (header.Id.IsEmpty)
        {
            return ordinal;
        }

        if (name is null && _resources.Count == 0)
        {
            return ordinal;
        }

        const int LongestOnStack = 128;
        const int LongestType = 32;
        Span<char> chars = header.Id.Length <= LongestOnStack - LongestType ? stackalloc char[LongestOnStack] : new char[header.Id.Length + LongestType];
        var type = ResourceTypes.Name(header.Type);
        type.CopyTo(chars);
        chars[type.Length] = '/';
        var key = chars[..(type.Length + 1 + Encoding.UTF8.GetChars(header.Id, chars[(type.Length + 1)..]))];
        var lookup = _resources.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(key, out var earlier))
        {
            if (name is not null)
            {
                _resources[name] = ordinal;
                Updated(ordinal, header);
            }
        }
        else if (Updated(ordinal, header) is { IsReadable: true } updated && _updated.TryGetValue(earlier, out var before) && before.IsReadable && updated.Start < before.Start)
        {
            _replaced.Add(ordinal);
            return ordinal;
        }
        else
        {
            _replaced.Add(earlier);
            lookup[key] = ordinal;
        }

        if (IsHistory && _deleted.Count > 0 && _deleted.Contains(key.ToString()))
        {
            _replaced.Add(ordinal);
        }

        return ordinal;
    }

    // When the version of a history was made; absent where this is none.
    private FhirTime Updated(int ordinal, in Header header) => IsHistory ? _updated[ordinal] = header.LastUpdated : default;

    /// <summary>The reference to the subject, one string for neighbours that share it; null also for a line, whose head has it.</summary>
    public string? Subject(ref ElementReader reader, in Header header)
    {
        var text = header.SubjectText;
        if (text.IsEmpty)
        {
            return null;
        }

        if (text[0] == '#')
        {
            if (!header.TryFindContained(reader, text, ResourceType.Patient, out var contained))
            {
                return null;
            }

            var patient = PatientReader.ReadContained(ref contained, Name(ref reader, header) + reader.Text(text));
            ContainedPatients.Add(patient);
            if (Line is not null)
            {
                Line.ContainsPatient();
                return null;
            }

            Subjects.Add(References.ContainedMark + patient.Name);
            return References.ContainedMark + patient.Name;
        }

        if (Line is not null)
        {
            Line.RefersTo(ref reader, text);
            return null;
        }

        if (!text.SequenceEqual(_lastSubjectUtf8))
        {
            _lastSubjectUtf8 = text.ToArray();
            _lastSubject = reader.Text(text)!;
            if (_seenSubjects.Add(_lastSubject))
            {
                Subjects.Add(_lastSubject);
            }
        }

        return _lastSubject;
    }
}
