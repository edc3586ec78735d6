namespace FhirMg.Reasoning.Extraction;

/// <summary>Kinds of data about a patient, to say which a source could not give.</summary>
[Flags]
public enum DataKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Observation.</summary>
    Observations = 1 << 0,

    /// <summary>Condition.</summary>
    Conditions = 1 << 1,

    /// <summary>MedicationRequest, MedicationStatement or MedicationAdministration.</summary>
    Medicines = 1 << 2,

    /// <summary>AllergyIntolerance.</summary>
    Allergies = 1 << 3,

    /// <summary>Encounter.</summary>
    Encounters = 1 << 4,

    /// <summary>QuestionnaireResponse.</summary>
    Questionnaires = 1 << 5,
}
