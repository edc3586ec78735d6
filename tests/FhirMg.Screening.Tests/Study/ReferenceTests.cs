using System.Text.Json;
using FhirMg.Screening.Study.Statistics;

namespace FhirMg.Screening.Tests.Study;

/// <summary>The statistics against R (tests/statistics/reference.R), whose examples are published ones.</summary>
public sealed class ReferenceTests
{
    // R solves for its limits to four digits only; its own limits, solved more exactly in the script, are held to more.
    private const double Loose = 0.05, Fine = 1e-6;

    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllBytes(Repository.Path("tests", "statistics", "reference.json"))).RootElement;

    public static TheoryData<string> Tables => [.. Reference.GetProperty("tables").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    public static TheoryData<string> Stratified => [.. Reference.GetProperty("stratified").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_conditional_odds_ratio_is_that_of_fisher_test(string name)
    {
        var example = Find("tables", name);
        var exact = CrudeOddsRatio.Conditional(Table(example.GetProperty("table")), OddsRatioMethod.Exact);
        AssertNear(Numbers(example, "conditional")[0], exact.Value, 1e-3);
        AssertNear(Numbers(example, "fisher")[0], exact.Low, Loose);
        AssertNear(Numbers(example, "fisher")[1], exact.High, Loose);
        AssertNear(Numbers(example, "exact")[0], exact.Low, Fine);
        AssertNear(Numbers(example, "exact")[1], exact.High, Fine);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_mid_p_limits_are_those_of_R(string name)
    {
        var example = Find("tables", name);
        var midP = CrudeOddsRatio.Conditional(Table(example.GetProperty("table")), OddsRatioMethod.MidP);
        AssertNear(Numbers(example, "midP")[0], midP.Low, Fine);
        AssertNear(Numbers(example, "midP")[1], midP.High, Fine);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Woolfs_interval_is_that_of_R(string name)
    {
        var example = Find("tables", name);
        if (!example.TryGetProperty("woolf", out _))
        {
            Assert.True(Table(example.GetProperty("table")).HasEmptyCell);
            return;
        }

        var woolf = CrudeOddsRatio.Woolf(Table(example.GetProperty("table")));
        var expected = Numbers(example, "woolf");
        AssertNear(expected[0], woolf.Value, Fine);
        AssertNear(expected[1], woolf.Low, Fine);
        AssertNear(expected[2], woolf.High, Fine);
    }

    [Theory]
    [MemberData(nameof(Stratified))]
    public void The_stratified_odds_ratio_is_that_of_mantelhaen_test(string name)
    {
        var example = Find("stratified", name);
        var strata = example.GetProperty("tables").EnumerateArray().Select(Table).ToList();
        var estimate = MantelHaenszel.Of(strata)!.Value;
        AssertNear(Numbers(example, "estimate")[0], estimate.Value, Fine);
        AssertNear(Numbers(example, "interval")[0], estimate.Low, Fine);
        AssertNear(Numbers(example, "interval")[1], estimate.High, Fine);
        if (example.TryGetProperty("breslowDay", out _))
        {
            var test = MantelHaenszel.Test(strata, estimate.Value)!.Value;
            AssertNear(Numbers(example, "breslowDay")[0], test.ChiSquared, Fine);
            AssertNear(Numbers(example, "breslowDay")[1], test.PValue, 1e-5);
        }
    }

    [Fact]
    public void The_published_values_are_met()
    {
        // Printed in the manual pages of R's fisher.test (Fisher 1962, convictions of twins) and mantelhaen.test (Agresti 1990).
        var twins = CrudeOddsRatio.Conditional(new(2, 15, 10, 3), OddsRatioMethod.Exact);
        AssertNear(0.04693661, twins.Value, 1e-5);
        AssertNear(0.003325764, twins.Low, 5e-3);
        AssertNear(0.363182271, twins.High, 1e-3);
        var rabbits = MantelHaenszel.Of([new(0, 6, 0, 5), new(3, 3, 0, 6), new(6, 0, 2, 4), new(5, 1, 6, 0), new(2, 0, 5, 0)])!.Value;
        AssertNear(7, rabbits.Value, Fine);
        AssertNear(1.026713, rabbits.Low, 1e-6);
        AssertNear(47.725133, rabbits.High, 1e-6);
    }

    private static JsonElement Find(string list, string name) => Reference.GetProperty(list).EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);

    private static double[] Numbers(JsonElement example, string name) =>
        [.. example.GetProperty(name).EnumerateArray().Select(number => number.ValueKind == JsonValueKind.String ? double.PositiveInfinity : number.GetDouble())];

    private static TwoByTwo Table(JsonElement cells)
    {
        var numbers = cells.EnumerateArray().Select(cell => (long)cell.GetDouble()).ToList();
        return new(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static void AssertNear(double expected, double actual, double relative)
    {
        if (double.IsInfinity(expected) || expected == 0)
        {
            Assert.Equal(expected, actual);
            return;
        }

        Assert.True(Math.Abs(actual - expected) <= relative * Math.Abs(expected), $"{actual:R} is not {expected:R}");
    }
}
