using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Tests.Study;

/// <summary>Cohorts made up for tests.</summary>
internal static class Cohorts
{
    public static readonly DateTimeOffset AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private static readonly (LaboratoryType Laboratory, int Weight)[] Laboratories =
    [
        (new(SerumStatus.Missing, SerumLevel.Undetermined, Deficiency.NotAssessable, SerumBins.None), 40),
        (new(SerumStatus.Stale, SerumLevel.Undetermined, Deficiency.Possible, SerumBins.None), 8),
        (new(SerumStatus.Normal, SerumLevel.NotLow, Deficiency.NotExcluded, 42), 20),
        (new(SerumStatus.Normal, SerumLevel.NotLow, Deficiency.Unlikely, 44), 8),
        (new(SerumStatus.Normal, SerumLevel.NotLow, Deficiency.LatentSuspected, 41), 4),
        (new(SerumStatus.Suboptimal, SerumLevel.NotLow, Deficiency.Possible, 37), 9),
        (new(SerumStatus.Borderline, SerumLevel.NotLow, Deficiency.Possible, 34), 4),
        (new(SerumStatus.Mild, SerumLevel.Low, Deficiency.Confirmed, 31), 6),
        (new(SerumStatus.Moderate, SerumLevel.Low, Deficiency.Confirmed, 22), 2),
        (new(SerumStatus.Severe, SerumLevel.Low, Deficiency.Confirmed, 18), 1),
        (new(SerumStatus.Elevated, SerumLevel.NotLow, Deficiency.Excess, 56), 2),
        (new(SerumStatus.Indeterminate, SerumLevel.Low, Deficiency.Confirmed, 24), 1),
    ];

    private static readonly int[] FormWeights = [70, 10, 6, 3, 1, 10], AgeWeights = [4, 6, 30, 35, 22, 3], GenderWeights = [2, 40, 56, 2];

    public static CohortCounts Random(int seed, int patients)
    {
        var random = new Random(seed);
        var counts = new CohortCounts();
        for (var i = 0; i < patients; i++)
        {
            var form = (MigraineForm)Pick(random, FormWeights);
            var laboratory = Laboratories[Pick(random, [.. Laboratories.Select(one => one.Weight)])].Laboratory;
            laboratory = form == MigraineForm.None && laboratory.Deficiency == Deficiency.LatentSuspected ? laboratory with { Deficiency = Deficiency.NotExcluded } : laboratory;
            laboratory = laboratory.Bin == SerumBins.None ? laboratory : laboratory with { Bin = laboratory.Bin + random.Next(3) - 1 };
            counts.Add(new PatientType(form, (AgeBand)Pick(random, AgeWeights), (AdministrativeGender)Pick(random, GenderWeights), laboratory), 1);
        }

        return counts;
    }

    public static CohortSummary Summary(CohortCounts counts, int suppressBelow) => CohortSummary.Of(counts, Knowledge.BuiltIn, AsOf, suppressBelow);

    public static JsonObject Json(CohortSummary summary)
    {
        using var output = new MemoryStream();
        SummaryJson.Write(output, summary);
        return JsonNode.Parse(output.ToArray())!.AsObject();
    }

    private static int Pick(Random random, int[] weights)
    {
        var left = random.Next(weights.Sum());
        var index = 0;
        while (left >= weights[index])
        {
            left -= weights[index++];
        }

        return index;
    }
}
