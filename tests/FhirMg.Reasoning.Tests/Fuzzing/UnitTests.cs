using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using FhirMg.Reasoning.Evaluation;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>Units, there and back: an amount written in any unit is read as the same amount, to the last digit.</summary>
public sealed class UnitTests
{
    private const string Ucum = "http://unitsofmeasure.org";
    private static readonly Gen<decimal> Amounts = Gen.Int[1, 100_000].Select(tenThousandths => tenThousandths / 10_000m);
    private static readonly (string Spelling, bool IsCode, decimal Factor)[] Spellings = [.. Read()];

    private static readonly Gen<(string Spelling, bool IsCode, decimal Factor)> Units = Gen.Int[0, Spellings.Length - 1].Select(i => Spellings[i]);

    [Fact]
    public void An_amount_in_any_unit_is_read_as_the_same_amount() =>
        Gen.Select(Amounts, Units).Sample((amount, unit) =>
        {
            var written = amount * unit.Factor;
            var read = ReadBack(written, unit.Spelling, unit.IsCode);
            return read == amount && read * unit.Factor == written;
        }, iter: 5_000, threads: 1);

    [Fact]
    public void The_same_amount_in_two_units_has_the_same_status() =>
        Gen.Select(Amounts, Units, Units).Sample((amount, left, right) =>
            Assess(amount * left.Factor, left.Spelling, left.IsCode).Serum == Assess(amount * right.Factor, right.Spelling, right.IsCode).Serum, iter: 2_000, threads: 1);

    [Fact]
    public void Every_unit_of_the_rules_has_a_spelling_without_code() => Assert.Equal(7, Spellings.Where(unit => unit.IsCode).DistinctBy(unit => unit.Spelling).Count());

    private static decimal? ReadBack(decimal amount, string unit, bool isCode)
    {
        var value = Assess(amount, unit, isCode).Features.Serum?.Value;
        Assert.True(value is null or { IsPoint: true });
        return value?.Low;
    }

    private static Assessment Assess(decimal amount, string unit, bool isCode)
    {
        var quantity = new JsonObject { ["value"] = JsonNode.Parse(amount.ToString(CultureInfo.InvariantCulture)), ["unit"] = unit };
        if (isCode)
        {
            (quantity["system"], quantity["code"]) = (Ucum, unit);
        }

        return Assert.Single(ReportOf.Assess(Encoding.UTF8.GetBytes(SerumBundle.Of(quantity, "1980-01-01", "2026-11-01").ToJsonString()), ReportOf.AsOf));
    }

    // Straight from the artifact, so that the table under test is not its own witness.
    private static IEnumerable<(string, bool, decimal)> Read()
    {
        using var units = JsonDocument.Parse(File.ReadAllBytes(Repository.Path("profiles", "CodeSystem-magnesium-unit.json")));
        foreach (var unit in units.RootElement.GetProperty("concept").EnumerateArray())
        {
            var (code, factor) = (unit.GetProperty("code").GetString()!, unit.GetProperty("property")[0].GetProperty("valueDecimal").GetDecimal());
            yield return (code, true, factor);
            yield return ($"  {code.ToUpperInvariant()} ", false, factor);
            foreach (var spelling in unit.GetProperty("designation").EnumerateArray().Where(one => one.GetProperty("use").GetProperty("code").ValueEquals("spelling")))
            {
                yield return (spelling.GetProperty("value").GetString()!, false, factor);
            }
        }

    }
}
