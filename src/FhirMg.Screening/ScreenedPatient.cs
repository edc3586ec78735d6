using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening;

/// <summary>One patient of the population, evaluated.</summary>
/// <param name="Assessment">What the rules make of the case, with its features.</param>
public readonly record struct ScreenedPatient(Assessment Assessment)
{
    /// <summary>How outputs name the patient.</summary>
    public string Patient => Assessment.Features.Patient;

    /// <summary>The birth date as an interval; not readable when there is none, or none that counts (IN-6).</summary>
    public FhirTime Birth => Assessment.Features.Birth;

    /// <summary>The administrative gender of the Patient resource.</summary>
    public AdministrativeGender Gender => Assessment.Features.Gender;
}
