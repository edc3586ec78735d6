using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Extraction;

/// <summary>Tells what there is about a patient.</summary>
public static class RecordedKinds
{
    /// <summary>The kinds of data that there is anything of; draft orders aside.</summary>
    public static DataKinds Of(PatientRecord record) =>
        (record.Observations.Count > 0 ? DataKinds.Observations : DataKinds.None)
        | (record.Conditions.Count > 0 ? DataKinds.Conditions : DataKinds.None)
        | (record.Encounters.Count > 0 ? DataKinds.Encounters : DataKinds.None)
        | (record.Medicines.Exists(medicine => medicine.Kind != MedicineKind.Draft) ? DataKinds.Medicines : DataKinds.None)
        | (record.Allergies.Count > 0 ? DataKinds.Allergies : DataKinds.None)
        | (record.Manifestations.Count > 0 ? DataKinds.Questionnaires : DataKinds.None);
}
