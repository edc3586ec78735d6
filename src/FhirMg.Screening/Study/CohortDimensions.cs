using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Study;

/// <summary>The one form of migraine that a patient is counted under.</summary>
internal enum MigraineForm
{
    None,
    WithoutAura,
    WithAura,
    Chronic,
    StatusMigrainosus,

    /// <summary>Migraine is coded, and none of the forms.</summary>
    Unspecified,
}

/// <summary>Bands of age at the time that the cohort is looked at; two bounds are those of the reference intervals.</summary>
internal enum AgeBand
{
    From0,
    From12,
    From20,
    From40,
    From60,

    /// <summary>No birth date, or one so partial that two bands are possible.</summary>
    Unknown,
}

/// <summary>Whether the current serum magnesium is below the reference interval of the age.</summary>
internal enum SerumLevel
{
    /// <summary>No current status, or one that touches both sides of the limit.</summary>
    Undetermined,
    Low,
    NotLow,
}

/// <summary>How a patient is placed in the cohort.</summary>
internal static class CohortDimensions
{
    public const int Forms = (int)MigraineForm.Unspecified + 1;
    public const int Ages = (int)AgeBand.Unknown + 1;
    public const int Genders = (int)AdministrativeGender.Other + 1;
    public const int Statuses = (int)SerumStatus.Elevated + 1;
    public const int Levels = (int)SerumLevel.NotLow + 1;
    public const int Deficiencies = (int)Deficiency.NotAssessable + 1;

    private static readonly int[] AgeStarts = [0, 12, 20, 40, 60];

    /// <summary>First year of a band; null for the unknown one.</summary>
    public static int? FirstYear(AgeBand band) => band == AgeBand.Unknown ? null : AgeStarts[(int)band];

    /// <summary>The form; where several are coded the first of: status migrainosus, chronic, with aura, without aura.</summary>
    public static MigraineForm Form(CaseFeatures features)
    {
        var forms = features.Forms;
        return !features.HasMigraine ? MigraineForm.None
            : (forms & MigraineForms.StatusMigrainosus) != 0 ? MigraineForm.StatusMigrainosus
            : (forms & MigraineForms.Chronic) != 0 ? MigraineForm.Chronic
            : (forms & MigraineForms.WithAura) != 0 ? MigraineForm.WithAura
            : (forms & MigraineForms.WithoutAura) != 0 ? MigraineForm.WithoutAura
            : MigraineForm.Unspecified;
    }

    public static AgeBand Age(CaseFeatures features)
    {
        var band = features.HasBirthDate ? Band(features.Age.Youngest.Years) : AgeBand.Unknown;
        return band == Band(features.Age.Oldest.Years) ? band : AgeBand.Unknown;
    }

    /// <summary>Low when every touched status is (IN-3), not low when none is.</summary>
    public static SerumLevel Level(SerumStatuses touched) => touched == SerumStatuses.None ? SerumLevel.Undetermined
        : (touched & ~SerumStatuses.Low) == 0 ? SerumLevel.Low
        : (touched & SerumStatuses.Low) == 0 ? SerumLevel.NotLow
        : SerumLevel.Undetermined;

    private static AgeBand Band(int years)
    {
        var band = AgeStarts.Length - 1;
        while (years < AgeStarts[band])
        {
            band--;
        }

        return (AgeBand)band;
    }
}
