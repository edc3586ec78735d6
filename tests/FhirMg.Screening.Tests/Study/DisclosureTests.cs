using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Reading;
using FhirMg.Screening.Study;
using FhirMg.Screening.Study.Statistics;

namespace FhirMg.Screening.Tests.Study;

/// <summary>Small counts are hidden, and nothing that is published gives one away.</summary>
public sealed class DisclosureTests
{
    private const int Least = 5;

    public static TheoryData<int, int> RandomCohorts =>
        [.. Enumerable.Range(0, 12).SelectMany(seed => ((int[])[3, 30, 120, 600, 5000]).Select(size => new TheoryDataRow<int, int>(seed, size)))];

    [Theory]
    [MemberData(nameof(RandomCohorts))]
    public void No_small_count_is_shown(int seed, int size)
    {
        var json = Cohorts.Json(Cohorts.Summary(Cohorts.Random(seed, size), Least));
        Assert.DoesNotContain(Published.Counts(json), count => count is > 0 and < Least);
    }

    [Theory]
    [MemberData(nameof(RandomCohorts))]
    public void No_small_count_follows_from_what_is_shown(int seed, int size)
    {
        var counts = Cohorts.Random(seed, size);
        var (summary, truth) = (Cohorts.Summary(counts, Least), Cohorts.Summary(counts, 0));
        var attack = new Attack(Cohorts.Json(summary));
        var told = attack.Run();
        var given = told.Where(pair => Attack.TruthOf(truth, pair.Key) is > 0 and < Least).Select(pair => $"{pair.Key} = {pair.Value}");
        Assert.Empty(given);
    }

    [Fact]
    public void The_attack_finds_what_is_hidden_without_complements()
    {
        // The same figures with the small ones alone hidden: the margins give them away, and the attack sees it.
        var counts = Cohorts.Random(1, 600);
        var json = Cohorts.Json(Cohorts.Summary(counts, 0));
        Published.HideSmall(json, Least);
        Assert.NotEmpty(new Attack(json).Run());
    }

    [Fact]
    public void Every_small_count_has_another_cohort_beside_it_that_looks_the_same()
    {
        // All cohorts of eight patients of two groups and three results, by brute force, the estimates among what they show.
        const int Small = 3;
        PatientType[] types =
        [
            .. ((MigraineForm[])[MigraineForm.None, MigraineForm.WithAura]).SelectMany(form => ((LaboratoryType[])
            [
                new(SerumStatus.Severe, SerumLevel.Low, Deficiency.Confirmed, 10), new(SerumStatus.Normal, SerumLevel.NotLow, Deficiency.NotExcluded, 42),
                new(SerumStatus.Missing, SerumLevel.Undetermined, Deficiency.NotAssessable, SerumBins.None),
            ]).Select(laboratory => new PatientType(form, AgeBand.From20, AdministrativeGender.Female, laboratory))),
        ];
        var cohorts = Compositions(8, types.Length).Select(counts => counts.Select((count, i) => (types[i], count)).Where(pair => pair.count > 0).ToList()).ToList();
        Assert.Equal(1287, cohorts.Count);
        var totals = cohorts.Select(Disclosure.Totals).ToList();
        var seen = 0;
        for (var i = 0; i < cohorts.Count; i++)
        {
            var counts = new CohortCounts();
            cohorts[i].ForEach(pair => counts.Add(pair.Item1, pair.count));
            var disclosure = Disclosure.Of(counts, Small);
            var shown = Enumerable.Range(0, Figures.Counts).Where(id => !disclosure.Hides(id)).ToArray();
            var hidden = Enumerable.Range(0, Figures.Counts).Where(id => totals[i][id] is > 0 and < Small).ToHashSet();
            Assert.All(hidden, id => Assert.True(disclosure.Hides(id)));
            for (var j = 0; j < cohorts.Count && hidden.Count > 0; j++)
            {
                if (shown.All(id => totals[i][id] == totals[j][id]) && LooksTheSame(disclosure, cohorts[i], cohorts[j]))
                {
                    hidden.RemoveWhere(id => totals[i][id] != totals[j][id]);
                }
            }

            Assert.True(hidden.Count == 0, $"cohort {i} gives away {string.Join(' ', hidden)}");
            seen += shown.Length;
        }

        Assert.True(seen > 1287 * 10, "nothing is shown at all");
    }

    [Fact]
    public void A_large_cohort_without_small_counts_is_shown_whole()
    {
        var counts = new CohortCounts();
        foreach (var (type, _) in Cohorts.Random(7, 4000).Types)
        {
            counts.Add(type, Least + 20);
        }

        Assert.DoesNotContain("\"hidden\"", Cohorts.Json(Cohorts.Summary(counts, Least)).ToJsonString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_a_large_cohort_both_odds_ratios_are_given(int seed)
    {
        var summary = Cohorts.Summary(Cohorts.Random(seed, 20_000), Least);
        Assert.Equal(Availability.Given, summary.Crude.Availability);
        Assert.Equal(Availability.Given, summary.Stratified.Availability);
    }

    [Fact]
    public void Nothing_is_hidden_when_suppression_is_off() =>
        Assert.DoesNotContain("\"hidden\"", Cohorts.Json(Cohorts.Summary(Cohorts.Random(3, 50), 0)).ToJsonString());

    [Fact]
    public void An_odds_ratio_of_a_hidden_table_is_hidden()
    {
        var counts = new CohortCounts();
        var low = new LaboratoryType(SerumStatus.Mild, SerumLevel.Low, Deficiency.Confirmed, 31);
        var notLow = new LaboratoryType(SerumStatus.Normal, SerumLevel.NotLow, Deficiency.NotExcluded, 42);
        foreach (var (form, laboratory, count) in ((MigraineForm, LaboratoryType, int)[])[(MigraineForm.WithAura, low, 3), (MigraineForm.WithAura, notLow, 40), (MigraineForm.None, low, 30), (MigraineForm.None, notLow, 400)])
        {
            counts.Add(new PatientType(form, AgeBand.From20, AdministrativeGender.Female, laboratory), count);
        }

        var summary = Cohorts.Summary(counts, Least);
        Assert.Equal(Availability.Hidden, summary.Crude.Availability);
        Assert.Equal(Availability.Hidden, summary.Stratified.Availability);
        Assert.Equal(Availability.Given, Cohorts.Summary(counts, 0).Crude.Availability);
    }

    private static bool LooksTheSame(Disclosure disclosure, IReadOnlyList<(PatientType, long)> one, IReadOnlyList<(PatientType, long)> other) =>
        (disclosure.Hides(Figures.Stratified) || Stratified(one).Equals(Stratified(other)))
        && (disclosure.Hides(Figures.DistributionWith) || Bins(disclosure.With, one, true).SequenceEqual(Bins(disclosure.With, other, true)))
        && (disclosure.Hides(Figures.DistributionWithout) || Bins(disclosure.Without, one, false).SequenceEqual(Bins(disclosure.Without, other, false)));

    private static OddsRatioEstimate? Stratified(IReadOnlyList<(PatientType, long)> cohort) =>
        MantelHaenszel.Of([CohortCounts.Table(cohort)]) is { } estimate ? Rounded.FromHiddenTables(estimate) : null;

    private static IEnumerable<(int, long)> Bins(Distribution distribution, IReadOnlyList<(PatientType Type, long Count)> cohort, bool hasMigraine) => cohort
        .Where(pair => pair.Type.HasMigraine == hasMigraine && pair.Type.Laboratory.Bin != SerumBins.None)
        .GroupBy(pair => distribution.BinOf(pair.Type.Laboratory.Bin)).OrderBy(group => group.Key).Select(group => (group.Key, group.Sum(pair => pair.Count)));

    private static IEnumerable<long[]> Compositions(int total, int parts)
    {
        if (parts == 1)
        {
            yield return [total];
            yield break;
        }

        for (var first = 0; first <= total; first++)
        {
            foreach (var rest in Compositions(total - first, parts - 1))
            {
                yield return [first, .. rest];
            }
        }
    }
}
