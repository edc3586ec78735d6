using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>Less magnesium is never a milder status, at every age.</summary>
public sealed class MonotoneTests
{
    private const int OldestInDays = 110 * 366;
    private static readonly int Sampled = new DateOnly(2026, 11, 1).DayNumber;

    private static readonly string[] Comparators = ["", "<", "<=", ">", ">="];

    // Finer than any threshold; the ends of intervals lie on the grid.
    private static readonly decimal[] Grid = [.. Enumerable.Range(1, 240).Select(hundredths => hundredths / 200m), 5, 10];

    [Fact]
    public void At_every_day_of_age_less_magnesium_touches_no_milder_status()
    {
        for (var days = 0; days <= OldestInDays; days += days < 400 ? 1 : 15)
        {
            AssertMonotone(AgeSpan.Between(Birth(Sampled - days, Sampled - days), Sampled, Sampled));
        }
    }

    [Fact]
    public void At_every_uncertain_age_less_magnesium_touches_no_milder_status()
    {
        AssertMonotone(AgeSpan.Unknown);
        Gen.Select(Gen.Int[0, OldestInDays], Gen.Int[0, 800]).Sample((days, width) =>
            AssertMonotone(AgeSpan.Between(Birth(Sampled - days - width, Sampled - days), Sampled, Sampled)), iter: 1_000, threads: 1);
    }

    [Fact]
    public void From_bytes_to_status_less_magnesium_is_never_milder() =>
        Gen.Select(Gen.Int[0, OldestInDays], Gen.Int[1, 20_000], Gen.Int[1, 20_000], Gen.OneOf(Gen.Const(10), Gen.Const(7), Gen.Const(4), Gen.Const(0)), Gen.Int[0, 4].Select(i => Comparators[i])).Sample(
            (days, one, two, precision, comparator) =>
            {
                var birth = precision == 0 ? null : DateOnly.FromDayNumber(Sampled - days).ToString("O", CultureInfo.InvariantCulture)[..precision];
                var (less, more) = (Assess(Math.Min(one, two), comparator, birth), Assess(Math.Max(one, two), comparator, birth));
                return IsNotMilder(less.Touched, more.Touched) && !(less.Deficiency == Deficiency.Excess && more.Deficiency != Deficiency.Excess);
            }, iter: 3_000, threads: 1);

    private static void AssertMonotone(AgeSpan age)
    {
        var scale = Knowledge.BuiltIn.Serum;
        var below = SerumStatuses.None;
        for (var i = 0; i < Grid.Length; i++)
        {
            var touched = scale.Touched(Interval.Point(Grid[i]), age);
            Assert.True(i == 0 || IsNotMilder(below, touched), $"{Grid[i]} mmol/L at {age} touches {touched}, less touches {below}");
            below = touched;
        }
    }

    // Statuses are bits from severe to elevated: neither the mildest nor the severest status touched may fall when magnesium rises.
    private static bool IsNotMilder(SerumStatuses less, SerumStatuses more) => (less == SerumStatuses.None) == (more == SerumStatuses.None)
        && BitOperations.LeadingZeroCount((uint)less) >= BitOperations.LeadingZeroCount((uint)more)
        && BitOperations.TrailingZeroCount((uint)less) <= BitOperations.TrailingZeroCount((uint)more);

    private static FhirTime Birth(int firstDay, int lastDay) => new(TimePrecision.Partial, 0, 0, firstDay, lastDay);

    private static Assessment Assess(int tenThousandths, string comparator, string? birth)
    {
        var quantity = new JsonObject { ["value"] = JsonNode.Parse((tenThousandths / 10_000m).ToString(CultureInfo.InvariantCulture)), ["unit"] = "mmol/L" };
        if (comparator.Length > 0)
        {
            quantity["comparator"] = comparator;
        }

        return Assert.Single(ReportOf.Assess(Encoding.UTF8.GetBytes(SerumBundle.Of(quantity, birth, "2026-11-01").ToJsonString()), ReportOf.AsOf));
    }
}
