using FhirMg.Screening.Study.Statistics;

namespace FhirMg.Screening.Tests.Study;

/// <summary>What holds of every odds ratio.</summary>
public sealed class OddsRatioTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Swapping_the_groups_inverts_the_odds_ratio(int seed)
    {
        var table = Table(seed);
        var swapped = new TwoByTwo(table.C, table.D, table.A, table.B);
        AssertInverse(CrudeOddsRatio.Of(table), CrudeOddsRatio.Of(swapped));
        AssertInverse(MantelHaenszel.Of([table]), MantelHaenszel.Of([swapped]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Exposure_and_outcome_may_change_places(int seed)
    {
        var table = Table(seed);
        var transposed = new TwoByTwo(table.A, table.C, table.B, table.D);
        var (one, other) = (CrudeOddsRatio.Of(table), CrudeOddsRatio.Of(transposed));
        Assert.Equal(one is null, other is null);
        if (one is { } left && other is { } right)
        {
            Assert.Equal(left.Method, right.Method);
            AssertClose(left.Value, right.Value);
            AssertClose(left.Low, right.Low);
            AssertClose(left.High, right.High);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void One_stratum_gives_the_crude_odds_ratio(int seed)
    {
        var table = Table(seed);
        if (!table.HasEmptyCell)
        {
            var stratified = MantelHaenszel.Of([table])!.Value;
            var woolf = CrudeOddsRatio.Woolf(table);
            AssertClose(woolf.Value, stratified.Value);
            AssertClose(woolf.Low, stratified.Low);
            AssertClose(woolf.High, stratified.High);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_interval_holds_the_estimate_and_mid_p_lies_within_the_exact_one(int seed)
    {
        var table = Table(seed);
        if (CrudeOddsRatio.Of(table) is { } estimate)
        {
            Assert.InRange(estimate.Value, estimate.Low, estimate.High);
            var exact = CrudeOddsRatio.Conditional(table, OddsRatioMethod.Exact);
            var midP = CrudeOddsRatio.Conditional(table, OddsRatioMethod.MidP);
            Assert.True(exact.Low <= midP.Low && midP.High <= exact.High, $"{exact} {midP}");
        }
    }

    [Theory]
    [InlineData(50, 50, 50, 50, OddsRatioMethod.Woolf)]
    [InlineData(3, 17, 4, 76, OddsRatioMethod.MidP)]
    [InlineData(1, 9, 1, 499, OddsRatioMethod.Exact)]
    [InlineData(0, 100, 100, 100, OddsRatioMethod.Exact)]
    internal void The_smallest_expected_count_decides_on_the_method(long a, long b, long c, long d, OddsRatioMethod method) =>
        Assert.Equal(method, CrudeOddsRatio.Of(new(a, b, c, d))!.Value.Method);

    [Theory]
    [InlineData(0, 0, 3, 4)]
    [InlineData(3, 4, 0, 0)]
    [InlineData(0, 4, 0, 3)]
    [InlineData(3, 0, 4, 0)]
    public void Without_a_group_or_an_outcome_there_is_nothing_to_compare(long a, long b, long c, long d)
    {
        Assert.Null(CrudeOddsRatio.Of(new(a, b, c, d)));
        Assert.Null(MantelHaenszel.Of([new(a, b, c, d)]));
    }

    [Fact]
    public void A_million_patients_are_no_trouble()
    {
        var estimate = CrudeOddsRatio.Conditional(new(30_000, 470_000, 20_000, 480_000), OddsRatioMethod.Exact);
        Assert.InRange(estimate.Value, 1.53, 1.54);
        Assert.InRange(estimate.Low, 1.50, 1.52);
    }

    private static TwoByTwo Table(int seed)
    {
        var random = new Random(seed);
        var most = seed % 3 == 0 ? 6 : seed % 3 == 1 ? 40 : 5000;
        return new(random.Next(most), random.Next(most), random.Next(most), random.Next(most));
    }

    private static void AssertInverse(OddsRatioEstimate? one, OddsRatioEstimate? other)
    {
        Assert.Equal(one is null, other is null);
        if (one is { } left && other is { } right)
        {
            AssertClose(1 / left.Value, right.Value);
            AssertClose(1 / left.High, right.Low);
            AssertClose(1 / left.Low, right.High);
        }
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.True(expected.Equals(actual) || Math.Abs(expected - actual) <= 1e-7 * Math.Abs(expected), $"{actual:R} is not {expected:R}");
}
