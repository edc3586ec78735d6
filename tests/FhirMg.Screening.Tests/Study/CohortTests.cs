using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Tests.Study;

/// <summary>The study over made-up cohorts and over the samples: everybody counts once, everywhere.</summary>
public sealed class CohortTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Totals_add_up(int seed)
    {
        var counts = Cohorts.Random(seed, 300);
        var summary = Cohorts.Summary(counts, 0);
        foreach (var table in CohortTables.All)
        {
            foreach (var column in table.Columns)
            {
                Assert.Equal(summary[FigureRow.All, column.Column], table.Rows.Sum(row => summary[row.Row, column.Column]));
            }

            var parts = table.Columns.Where(column => column.Code is not ("any" or "all")).ToList();
            Assert.All(table.Rows, row => Assert.Equal(summary[row.Row, FigureColumn.All], parts.Sum(column => summary[row.Row, column.Column])));
        }

        Assert.Equal(300, summary[FigureRow.All, FigureColumn.All]);
        var tested = CohortSummary.Statuses.Except([SerumStatus.Missing, SerumStatus.Stale]).Sum(status => summary[FigureRow.Of(status), FigureColumn.AnyMigraine]);
        Assert.Equal(tested, summary.With!.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Strata_hold_everybody_whose_age_and_sex_are_known(int seed)
    {
        var counts = Cohorts.Random(seed, 300);
        var strata = counts.Strata();
        Assert.Equal(counts.Count(type => CohortCounts.IsInStratum(type) && type.Laboratory.Level != SerumLevel.Undetermined), strata.Sum(table => table.Total));
    }

    [Fact]
    public void The_key_of_a_type_is_the_type()
    {
        var types =
            from form in Enum.GetValues<MigraineForm>()
            from age in Enum.GetValues<AgeBand>()
            from gender in Enum.GetValues<AdministrativeGender>()
            from status in Enum.GetValues<SerumStatus>()
            from level in Enum.GetValues<SerumLevel>()
            from deficiency in Enum.GetValues<Deficiency>()
            where deficiency != Deficiency.NoneEvaluated // Only of the deceased, who have no type.
            from bin in Enumerable.Range(0, SerumBins.None + 1)
            select new PatientType(form, age, gender, new(status, level, deficiency, bin));
        Assert.DoesNotContain(types, type => PatientType.FromKey(type.Key) != type);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Joined_bins_lose_nobody(int seed)
    {
        var counts = Cohorts.Random(seed, 280 + (seed * 100));
        var (joined, whole) = (Cohorts.Summary(counts, 5), Cohorts.Summary(counts, 0));
        var distribution = joined.With;
        Assert.NotNull(distribution);
        Assert.Equal(whole.With!.Count, distribution.Count);
        Assert.All(distribution.Bins, bin => Assert.True(bin.Count is 0 or >= 5));
        Assert.Equal(0, distribution.Bins[0].From);
        Assert.Null(distribution.Bins[^1].To);
        Assert.All(distribution.Bins.Zip(distribution.Bins.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    [Theory]
    [InlineData(0.70, 35)]
    [InlineData(0.71, 35)]
    [InlineData(0.7199, 35)]
    [InlineData(0.72, 36)]
    [InlineData(0, 0)]
    [InlineData(5, SerumBins.Count - 1)]
    public void A_value_lies_in_its_bin(double value, int bin) =>
        Assert.Equal(bin, SerumBins.Of(new() { Low = (decimal)value, High = (decimal)value }));

    [Fact]
    public void A_value_known_as_a_limit_is_counted_at_the_limit()
    {
        Assert.Equal(24, SerumBins.Of(new() { High = 0.5m, HighExcluded = true }));
        Assert.Equal(25, SerumBins.Of(new() { High = 0.5m }));
        Assert.Equal(50, SerumBins.Of(new() { Low = 1m, LowExcluded = true }));
        Assert.Equal(SerumBins.None, SerumBins.Of(null));
    }

    [Fact]
    public void The_samples_are_counted_as_their_reports_say()
    {
        var patients = Screened.Samples().Select(one => one.Patient).ToList();
        var files = Screened.Run(create => new CohortSink(new(Knowledge.BuiltIn, Screened.AsOf, Language.English, 0), create), patients);
        Assert.Equal(["measure-report.json", "summary.html", "summary.json"], files.Keys.Order(StringComparer.Ordinal));
        var json = JsonNode.Parse(files["summary.json"])!;
        var alive = patients.Where(one => !one.Assessment.Features.Deceased).ToList();
        Assert.Equal(alive.Count, (long)json["patients"]!["count"]!);
        Assert.Equal(patients.Count - alive.Count, (long)json["deceased"]!["count"]!);
        Assert.Equal(alive.Count(one => one.Assessment.Features.HasMigraine), (long)json["migraineTesting"]!["patients"]!["count"]!);
        Assert.Equal(
            alive.Count(one => one.Assessment.Features.HasMigraine && one.Assessment.Serum == SerumStatus.Missing),
            (long)json["migraineTesting"]!["neverTested"]!["count"]!);
        var all = json["tables"]![0]!["columns"]!.AsArray().Single(column => (string)column!["code"]! == "all")!["rows"]!;
        Assert.Equal(alive.Count(one => one.Assessment.Serum == SerumStatus.Mild), (long)all["mild"]!["count"]!);
        Assert.Equal(
            alive.Count(one => one.Assessment.Features.HasMigraine && CohortDimensions.Level(one.Assessment.Touched) == SerumLevel.Low),
            (long)json["oddsRatios"]!["crude"]!["migraineLow"]!["count"]!);
    }

    [Fact]
    public void A_patient_costs_little_and_allocates_nothing()
    {
        var patients = Screened.Samples().Select(one => one.Patient).ToList();
        using var sink = new CohortSink(new(Knowledge.BuiltIn, Screened.AsOf, Language.English), _ => Stream.Null);
        patients.ForEach(patient => sink.Add(patient));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 2000; i++)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            foreach (var patient in patients)
            {
                sink.Add(patient);
            }

            // The quickest round: the others waited for what else the machine does.
            var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 1000, $"{allocated} bytes");
        Assert.InRange(best.TotalNanoseconds / patients.Count, 0, 1000);
        TestContext.Current.SendDiagnosticMessage($"{best.TotalNanoseconds / patients.Count:0} ns a patient");
    }
}
