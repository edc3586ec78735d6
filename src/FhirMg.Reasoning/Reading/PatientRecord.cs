namespace FhirMg.Reasoning.Reading;

/// <summary>The facts about one patient, before it is asked which of them count at a time.</summary>
public sealed class PatientRecord
{
    internal PatientRecord(PatientFact patient, List<Fact> unattributed) => (Patient, Unattributed) = (patient, unattributed);

    /// <summary>How outputs name the patient: <c>Patient/id</c>, else its fullUrl, else <c>Patient/#index</c>.</summary>
    public string Name => Patient.Name;

    /// <summary>Whether the Patient resource itself was read; false for one that is only referred to.</summary>
    public bool IsInDocument => Patient.Ordinal != PatientFact.NotInDocument;

    internal PatientFact Patient { get; }

    internal List<Fact> Unattributed { get; }

    internal List<ObservationFact> Observations { get; } = [];

    internal List<ConditionFact> Conditions { get; } = [];

    internal List<EncounterFact> Encounters { get; } = [];

    internal List<MedicineFact> Medicines { get; } = [];

    internal List<AllergyFact> Allergies { get; } = [];

    internal List<ManifestationsFact> Manifestations { get; } = [];
}
