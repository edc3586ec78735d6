using System.Collections.Concurrent;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Makes patients of the records that <see cref="PopulationReader"/> kept. Threads may share it.</summary>
/// <param name="knowledge">What the records were read with.</param>
/// <param name="labels">The words that they share.</param>
/// <param name="medications">The Medications that medicines refer to.</param>
/// <param name="index">Number, from 0, of a resource without an id among all resources of the input.</param>
public sealed class PatientAssembler(Knowledge knowledge, LabelTable labels, PopulationMedications medications, Func<int, ResourceNumber, long> index)
{
    private readonly FactRecords _facts = new(knowledge, labels);
    private readonly ConcurrentBag<Group> _groups = [];

    /// <summary>What all records of one patient share, and where the resource stands.</summary>
    public static (PatientKey Key, FactPlace Place) KeyAndPlace(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record);
        var head = RecordHead.Read(ref reader);
        return (new(StableHash.Of(head.Key), StableHash.Of(head.Key, ulong.MaxValue)), head.Place);
    }

    /// <summary>Which resource a record is of.</summary>
    public static RecordIdentity Identity(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record);
        var head = RecordHead.Read(ref reader);
        return head.Id.IsEmpty ? new(false, 0, 0, head.Place, null)
            : new(true, StableHash.Of(head.Id, 1 + (ulong)head.Type), StableHash.Of(head.Id, ulong.MaxValue - (ulong)head.Type), head.Place,
                head.LastUpdated.IsReadable ? head.LastUpdated.Start : null);
    }

    /// <summary>Where the resource of a record stands.</summary>
    public static FactPlace Place(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record);
        return RecordHead.Read(ref reader).Place;
    }

    /// <summary>The resource of a record of no patient, where outputs name it.</summary>
    /// <returns>Null for a Medication, and for what only takes an older version's place.</returns>
    public (string Resource, SetAsideReason Reason, FactPlace Place)? WithoutSubject(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record);
        var head = RecordHead.Read(ref reader);
        if (head.Gone || head.Type == ResourceType.Medication || head.Form != SubjectForm.None)
        {
            return null;
        }

        var group = new Group(this);
        group.Add(record);
        return (group.Loose!.Name, group.Loose.Malformed ? SetAsideReason.Malformed : SetAsideReason.Subject, head.Place);
    }

    /// <summary>The patients of records that share a key: one with its Patient resource, else one for each reference as written.</summary>
    /// <param name="bytes">Holds the records.</param>
    /// <param name="records">Where in it each begins and how long it is, in the order of their places.</param>
    public IReadOnlyList<AssembledPatient> Assemble(ReadOnlySpan<byte> bytes, ReadOnlySpan<(int Start, int Length)> records)
    {
        var group = _groups.TryTake(out var used) ? used : new(this);
        foreach (var (start, length) in records)
        {
            group.Add(bytes.Slice(start, length));
        }

        var patients = group.Patients();
        group.Clear();
        _groups.Add(group);
        return patients;
    }

    private string Name(in RecordHead head) => head.Id.IsEmpty
        ? $"{ResourceTypes.Name(head.Type)}/#{index(head.Place.File, head.Number)}"
        : new RecordReader(head.Id).Text(before: ResourceTypes.Prefix(head.Type));

    private sealed class Group(PatientAssembler owner)
    {
        private readonly List<FactPlace> _places = [];
        private readonly List<PatientRecord> _records = [];
        private readonly List<ObservationFact> _observations = [];
        private readonly List<ConditionFact> _conditions = [];
        private readonly List<EncounterFact> _encounters = [];
        private readonly List<MedicineFact> _medicines = [];
        private readonly List<AllergyFact> _allergies = [];
        private readonly List<ManifestationsFact> _manifestations = [];
        private PatientFact? _patient;
        private string? _lastKeyed;

        /// <summary>The fact of a record without a subject.</summary>
        public Fact? Loose => (Fact?)_observations.FirstOrDefault() ?? (Fact?)_conditions.FirstOrDefault() ?? (Fact?)_encounters.FirstOrDefault()
            ?? (Fact?)_medicines.FirstOrDefault() ?? (Fact?)_allergies.FirstOrDefault() ?? _manifestations.FirstOrDefault();

        public void Add(ReadOnlySpan<byte> bytes)
        {
            var record = new RecordReader(bytes);
            var head = RecordHead.Read(ref record);
            var (name, ordinal) = (owner.Name(head), _places.Count);
            _places.Add(head.Place);
            if (head.Type == ResourceType.Patient)
            {
                _patient = FactRecords.ReadPatient(ref record, name, ordinal);
                return;
            }

            if (head.Form == SubjectForm.Contained)
            {
                _patient = FactRecords.ReadPatient(ref record, name + record.Text(), ordinal);
            }

            Read(ref record, head.Type, name, Subject(head), ordinal);
        }

        public IReadOnlyList<AssembledPatient> Patients()
        {
            if (_patient is not null)
            {
                _records.Add(new(_patient, []));
            }

            Give(_observations, static record => record.Observations);
            Give(_conditions, static record => record.Conditions);
            Give(_allergies, static record => record.Allergies);
            Give(_manifestations, static record => record.Manifestations);
            _medicines.ForEach(fact => Record(fact).Medicines.Add(owner.Complete(fact)));
            _encounters.ForEach(fact => Record(fact).Encounters.Add(Complete(fact, Record(fact))));
            FactPlace[] places = [.. _places];
            return [.. _records.Select(record => new AssembledPatient(record, places))];
        }

        /// <summary>Forgets the patients, for others.</summary>
        public void Clear()
        {
            (_patient, _lastKeyed) = (null, null);
            _places.Clear();
            _records.Clear();
            _observations.Clear();
            _conditions.Clear();
            _encounters.Clear();
            _medicines.Clear();
            _allergies.Clear();
            _manifestations.Clear();
        }

        private void Give<T>(List<T> facts, Func<PatientRecord, List<T>> to)
            where T : Fact
        {
            if (_patient is not null)
            {
                to(_records[0]).AddRange(facts);
                return;
            }

            foreach (var fact in facts)
            {
                to(Record(fact)).Add(fact);
            }
        }

        private void Read(ref RecordReader record, ResourceType type, string name, string? subject, int ordinal)
        {
            switch (type)
            {
                case ResourceType.Observation:
                    for (var rest = record.Number(); rest > 0; rest--)
                    {
                        _observations.Add(owner._facts.ReadObservation(ref record, name, subject, ordinal));
                    }

                    break;
                case ResourceType.Condition:
                    _conditions.Add(owner._facts.ReadCondition(ref record, name, subject, ordinal));
                    break;
                case ResourceType.Encounter:
                    _encounters.Add(FactRecords.ReadEncounter(ref record, name, subject, ordinal));
                    break;
                case ResourceType.AllergyIntolerance:
                    _allergies.Add(owner._facts.ReadAllergy(ref record, name, subject, ordinal));
                    break;
                case ResourceType.QuestionnaireResponse:
                    _manifestations.Add(FactRecords.ReadManifestations(ref record, name, subject, ordinal));
                    break;
                default:
                    _medicines.Add(owner._facts.ReadMedicine(ref record, name, subject, ordinal));
                    break;
            }
        }

        // All relative references of a group are the same one.
        private string? Subject(in RecordHead head) => head.Form switch
        {
            SubjectForm.Relative => _lastKeyed ??= $"Patient/{new RecordReader(head.Key).Text()}",
            SubjectForm.Web => head.Reference,
            SubjectForm.Other => new RecordReader(head.Key).Text(),
            _ => null,
        };

        private PatientRecord Record(Fact fact)
        {
            if (_patient is not null)
            {
                return _records[0];
            }

            foreach (var known in _records)
            {
                if (known.Name == fact.Subject)
                {
                    return known;
                }
            }

            var record = new PatientRecord(PatientFact.Absent(fact.Subject!), []);
            _records.Add(record);
            return record;
        }

        private static EncounterFact Complete(EncounterFact fact, PatientRecord record)
        {
            if (fact.ReasonReferences.Count == 0)
            {
                return fact;
            }

            var conditions = new FactIndex<ConditionFact>("Condition", record.Conditions);
            var sets = fact.ReferencedReasons;
            foreach (var reference in fact.ReasonReferences)
            {
                sets |= conditions.Find(reference) is { Confirmed: true, Malformed: false } condition ? condition.Sets : ConditionSets.None;
            }

            return fact with { ReferencedReasons = sets };
        }
    }

    private MedicineFact Complete(MedicineFact fact) => medications.Complete(fact);
}

/// <summary>What all records of one patient share: 128 bits of a hash, so that two patients are never taken for one.</summary>
/// <param name="Partition">The half that decides into which partition the patient falls.</param>
/// <param name="Rest">The other half.</param>
public readonly record struct PatientKey(ulong Partition, ulong Rest) : IComparable<PatientKey>
{
    /// <inheritdoc/>
    public int CompareTo(PatientKey other) => Partition != other.Partition ? Partition.CompareTo(other.Partition) : Rest.CompareTo(other.Rest);

    /// <summary>Whether one comes before another.</summary>
    public static bool operator <(PatientKey left, PatientKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after another.</summary>
    public static bool operator >(PatientKey left, PatientKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether one does not come after another.</summary>
    public static bool operator <=(PatientKey left, PatientKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one does not come before another.</summary>
    public static bool operator >=(PatientKey left, PatientKey right) => left.CompareTo(right) >= 0;
}

/// <summary>Which resource a record is of, and how new it is.</summary>
/// <param name="HasId">Whether it has an id; one without is never replaced.</param>
/// <param name="Hash">The same for the same type and id; with <paramref name="SecondHash"/> for no others.</param>
/// <param name="SecondHash">Another hash of the same.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="LastUpdated"><c>meta.lastUpdated</c> in ticks of UTC; null when not readable.</param>
public readonly record struct RecordIdentity(bool HasId, ulong Hash, ulong SecondHash, FactPlace Place, long? LastUpdated);
