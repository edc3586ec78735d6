using System.Runtime.InteropServices;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Screening.Study.Statistics;

namespace FhirMg.Screening.Study;

/// <summary>The cohort as counts: how many patients there are of each type. Its size does not grow with the population.</summary>
internal sealed class CohortCounts
{
    private readonly Dictionary<int, long> _types = [];

    /// <summary>Patients who had died: nothing is evaluated of them (IN-9).</summary>
    public long Deceased { get; private set; }

    /// <summary>Patients of the study.</summary>
    public long Patients { get; private set; }

    /// <summary>The types that occur, with their counts, always in the same order.</summary>
    public IEnumerable<(PatientType Type, long Count)> Types => _types.OrderBy(pair => pair.Key).Select(pair => (PatientType.FromKey(pair.Key), pair.Value));

    public void Add(Assessment assessment)
    {
        if (assessment.Features.Deceased)
        {
            Deceased++;
        }
        else
        {
            Add(PatientType.Of(assessment), 1);
        }
    }

    public void Add(in PatientType type, long count)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_types, type.Key, out _) += count;
        Patients += count;
    }

    public long Count(Func<PatientType, bool> which) => Types.Where(pair => which(pair.Type)).Sum(pair => pair.Count);

    /// <summary>Migraine (exposure) and low serum magnesium (outcome), of those whose current serum is on one side of the limit.</summary>
    public static TwoByTwo Table(IEnumerable<(PatientType Type, long Count)> types)
    {
        long a = 0, b = 0, c = 0, d = 0;
        foreach (var (type, count) in types)
        {
            var (low, notLow) = (type.Laboratory.Level == SerumLevel.Low ? count : 0, type.Laboratory.Level == SerumLevel.NotLow ? count : 0);
            (a, b) = type.HasMigraine ? (a + low, b + notLow) : (a, b);
            (c, d) = type.HasMigraine ? (c, d) : (c + low, d + notLow);
        }

        return new(a, b, c, d);
    }

    /// <summary>The same for each band of age and gender; patients of whom either is not known are in no stratum.</summary>
    public IReadOnlyList<TwoByTwo> Strata() =>
    [
        .. Types.Where(pair => IsInStratum(pair.Type)).GroupBy(pair => (pair.Type.Age, pair.Type.Gender)).Select(Table),
    ];

    public static bool IsInStratum(in PatientType type) => type.Age != AgeBand.Unknown && type.Gender != FhirMg.Reasoning.Reading.AdministrativeGender.Unknown;
}
