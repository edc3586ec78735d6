namespace FhirMg.Reasoning.Reading;

/// <summary>FHIR's administrative gender of a patient; no rule asks for it, a cohort is described by it.</summary>
public enum AdministrativeGender : byte
{
    /// <summary>Not stated, stated as unknown, or no code of FHIR's.</summary>
    Unknown,

    /// <summary>male.</summary>
    Male,

    /// <summary>female.</summary>
    Female,

    /// <summary>other.</summary>
    Other,
}
