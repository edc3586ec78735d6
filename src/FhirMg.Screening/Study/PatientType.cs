using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Study;

/// <summary>What the results of the laboratory make of a patient.</summary>
internal readonly record struct LaboratoryType(SerumStatus Status, SerumLevel Level, Deficiency Deficiency, int Bin);

/// <summary>Everything that the study counts of a patient: patients of one type are the same to it.</summary>
internal readonly record struct PatientType(MigraineForm Form, AgeBand Age, AdministrativeGender Gender, LaboratoryType Laboratory)
{
    public bool HasMigraine => Form != MigraineForm.None;

    /// <summary>The type of a patient who is alive.</summary>
    public static PatientType Of(Assessment assessment)
    {
        var features = assessment.Features;
        return new(CohortDimensions.Form(features), CohortDimensions.Age(features), features.Gender, new(
            assessment.Serum, CohortDimensions.Level(assessment.Touched), assessment.Deficiency, SerumBins.Of(features.CurrentSerum)));
    }

    /// <summary>One number for the type, so that counting allocates nothing.</summary>
    public int Key => (((((((((int)Form * CohortDimensions.Ages) + (int)Age) * CohortDimensions.Genders) + (int)Gender) * CohortDimensions.Statuses)
        + (int)Laboratory.Status) * CohortDimensions.Levels + (int)Laboratory.Level) * CohortDimensions.Deficiencies + (int)Laboratory.Deficiency)
        * (SerumBins.Count + 1) + Laboratory.Bin;

    public static PatientType FromKey(int key)
    {
        (key, var bin) = Math.DivRem(key, SerumBins.Count + 1);
        (key, var deficiency) = Math.DivRem(key, CohortDimensions.Deficiencies);
        (key, var level) = Math.DivRem(key, CohortDimensions.Levels);
        (key, var status) = Math.DivRem(key, CohortDimensions.Statuses);
        (key, var gender) = Math.DivRem(key, CohortDimensions.Genders);
        (key, var age) = Math.DivRem(key, CohortDimensions.Ages);
        return new((MigraineForm)key, (AgeBand)age, (AdministrativeGender)gender, new((SerumStatus)status, (SerumLevel)level, (Deficiency)deficiency, bin));
    }
}
