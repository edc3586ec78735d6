namespace FhirMg.Reasoning.Reading;

/// <summary>The facts about one patient, before it is asked which of them count at a time.</summary>
public sealed class PatientRecord
{
    private SortedSet<string>? _joined;

    internal PatientRecord(PatientFact patient, List<Fact> unattributed) => (Patient, Unattributed) = (patient, unattributed);

    /// <summary>How outputs name the patient: <c>Patient/id</c>, else its fullUrl, else <c>Patient/#index</c>.</summary>
    public string Name => Patient.Name;

    /// <summary>Whether the Patient resource itself was read; false for one that is only referred to.</summary>
    public bool IsInDocument => Patient.Ordinal != PatientFact.NotInDocument;

    /// <summary>Records (<c>Patient/id</c>) that were merged into this one and that facts were recorded under, which count here; sorted.</summary>
    public IReadOnlyCollection<string> JoinedFrom => _joined is null ? [] : _joined;

    internal PatientFact Patient { get; }

    internal List<Fact> Unattributed { get; }

    internal List<ObservationFact> Observations { get; } = [];

    internal List<ConditionFact> Conditions { get; } = [];

    internal List<EncounterFact> Encounters { get; } = [];

    internal List<MedicineFact> Medicines { get; } = [];

    internal List<AllergyFact> Allergies { get; } = [];

    internal List<ManifestationsFact> Manifestations { get; } = [];

    /// <summary>A fact was recorded under a record that was merged into this one.</summary>
    internal void Join(string former) => (_joined ??= new(StringComparer.Ordinal)).Add(former);
}
