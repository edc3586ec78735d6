namespace FhirMg.Reasoning.Reading;

/// <summary>Finds the record of the patient that a subject refers to; a patient only referred to gets a record too.</summary>
internal sealed class SubjectIndex
{
    private readonly FactIndex<PatientFact> _patients;
    private readonly Dictionary<PatientFact, PatientRecord> _present = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, PatientRecord?> _bySubject = new(StringComparer.Ordinal);
    private readonly IReadOnlyCollection<string> _joined;

    public SubjectIndex(DocumentBuilder builder)
    {
        var patients = builder.Patients.FindAll(patient => !builder.IsReplaced(patient));
        _patients = new("Patient", patients);
        var survivor = builder.JoinedTo is { } to ? patients.Find(patient => patient.Name == to) : null;
        _joined = survivor is null ? [] : builder.Joined;
        foreach (var patient in patients)
        {
            if (!_joined.Contains(patient.Name))
            {
                _present[patient] = Add(patient);
            }
        }

        if (survivor is not null)
        {
            Join(patients, _present[survivor]);
        }

        foreach (var patient in builder.ContainedPatients)
        {
            _bySubject[References.ContainedMark + patient.Name] = Add(patient);
        }

        foreach (var subject in builder.Subjects)
        {
            Find(subject);
        }
    }

    /// <summary>The records, those of the document first.</summary>
    public List<PatientRecord> Records { get; } = [];

    /// <summary>Facts about nobody in particular; every report of the document names them.</summary>
    public List<Fact> Unattributed { get; } = [];

    /// <summary>Remembers with a record from which of the records merged into it a fact comes.</summary>
    public void Note(PatientRecord record, Fact fact)
    {
        if (_joined.Count > 0 && fact is not MedicineFact { Kind: MedicineKind.Draft } && fact.Subject is { } subject
            && (_patients.Find(subject)?.Name ?? References.WithoutVersion(subject)) is var named && _joined.Contains(named))
        {
            record.Join(named);
        }
    }

    /// <summary>The record of the patient meant; null when the subject names none.</summary>
    public PatientRecord? Find(string? subject)
    {
        if (subject is null)
        {
            return null;
        }

        if (!_bySubject.TryGetValue(subject, out var record))
        {
            _bySubject[subject] = record = Resolve(subject);
        }

        return record;
    }

    private void Join(List<PatientFact> patients, PatientRecord survivor)
    {
        foreach (var name in _joined)
        {
            _bySubject[name] = survivor;
        }

        foreach (var patient in patients.Where(patient => _joined.Contains(patient.Name)))
        {
            _present[patient] = survivor;
        }
    }

    private PatientRecord? Resolve(string subject)
    {
        var reference = References.WithoutVersion(subject);
        return _patients.Find(reference) is { } patient ? _present[patient]
            : !References.TrySplit(reference, "Patient", out _, out _) ? null
            : _bySubject.TryGetValue(reference, out var other) && other is not null ? other
            : _bySubject[reference] = Add(PatientFact.Absent(reference));
    }

    private PatientRecord Add(PatientFact patient)
    {
        var record = new PatientRecord(patient, Unattributed);
        Records.Add(record);
        return record;
    }
}
