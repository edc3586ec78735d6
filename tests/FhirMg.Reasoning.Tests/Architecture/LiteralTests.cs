namespace FhirMg.Reasoning.Tests.Architecture;

/// <summary>No clinical code, threshold or dose is a literal in <c>src</c>: they stand in the knowledge artifacts alone.</summary>
public sealed class LiteralTests
{
    private static readonly LiteralScanner Scanner = new(ClinicalLiterals.OfProfiles);

    [Fact]
    public void No_clinical_code_threshold_or_dose_is_a_literal()
    {
        var found = Find().Where(one => !AllowedLiterals.All.Any(allowed => allowed.Allows(one.File, one.Suspicion.Literal)))
            .Select(one => $"{one.File}:{one.Suspicion.Line}: {one.Suspicion.Literal} – {one.Suspicion.Why}").ToList();
        Assert.True(found.Count == 0, $"Move it to profiles/, or say in AllowedLiterals.cs why it is something else:\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Every_exception_is_needed_and_has_its_reason()
    {
        var all = Find().ToList();
        Assert.All(AllowedLiterals.All, allowed => Assert.True(allowed.Reason.Length > 10, allowed.ToString()));
        Assert.All(AllowedLiterals.All, allowed => Assert.True(all.Exists(one => allowed.Allows(one.File, one.Suspicion.Literal)), $"{allowed} allows nothing any more: remove it"));
    }

    [Theory]
    [InlineData("var x = 0.7m;", "0.7")]
    [InlineData("var x = 0.66;", "0.66")]
    [InlineData("if (age >= 18) { }", "18")]
    [InlineData("const int AdultMonths = 216;", "216")]
    [InlineData("var dose = 600;", "600")]
    [InlineData("var span = TimeSpan.FromDays(365);", "365")]
    [InlineData("var severe = value < 0.4m;", "0.4")]
    [InlineData("var factor = 2.4305m;", "2.4305")]
    [InlineData("var odds = 35.3;", "35.3")]
    [InlineData("""code.Equals("G43");""", "G43")]
    [InlineData("""code.Equals("g43.109");""", "g43.109")]
    [InlineData("""code.Equals("E61.2"u8);""", "E61.2")]
    [InlineData("""code.Equals("2601-3");""", "2601-3")]
    [InlineData("""var x = $"{system}|2601-3";""", "2601-3")]
    [InlineData("""var x = @"http://loinc.org|99999-9";""", "99999-9")]
    [InlineData("""code.Equals("A12CC04");""", "A12CC04")]
    [InlineData("""code.Equals("37796009");""", "37796009")]
    [InlineData("var migraine = 37796009;", "37796009")]
    [InlineData("""unit.Equals("mg/dL");""", "mg/dL")]
    [InlineData("""unit.Equals("ммоль/л");""", "ммоль/л")]
    [InlineData("""var x = $"up to 600 mg daily";""", "600 mg")]
    [InlineData("""name.Contains("valproate");""", "valproate")]
    [InlineData("""name.StartsWith("Вальпроевая");""", "Вальпроевая")]
    [InlineData("""name.StartsWith("magnesium");""", "magnesium")]
    public void The_scanner_sees(string code, string literal) => Assert.Contains(Scanner.Scan($"class C {{ void M() {{ {code} }} }}"), found => found.Literal == literal);

    [Theory]
    [InlineData("// from 18 years and 0.7 mmol/L: G43, 2601-3")]
    [InlineData("/* 600 mg of magnesium */ var x = 1;")]
    [InlineData("var x = 1u << 18;")]
    [InlineData("var x = text[18..20];")]
    [InlineData("var x = text[^18];")]
    [InlineData("""var x = "magnesium-citrate";""")]
    [InlineData("""var x = "PlanDefinition/magnesium-migraine";""")]
    [InlineData("""var x = "#212121";""")]
    [InlineData("var x = items[0] + 1;")]
    public void The_scanner_lets_pass(string code) => Assert.Empty(Scanner.Scan($"class C {{ void M() {{ {code}\n }} }}"));

    [Fact]
    public void The_scanner_knows_what_the_artifacts_hold()
    {
        var known = ClinicalLiterals.OfProfiles;
        Assert.Superset(new HashSet<decimal> { 0.62m, 0.91m, 0.7m, 0.66m, 1.07m, 0.5m, 0.4m, 0.8m, 0.85m, 0.54m, 18, 30, 60, 365, 600, 2.4305m, 35.3m, 30.4375m }, known.Numbers);
        Assert.True(known.Codes.Count > 150 && known.Ancestors.Count > 100 && known.Stems.Count > 50, known.ToString());
    }

    private static IEnumerable<(string File, Suspicion Suspicion)> Find() =>
        SourceProjects.Files.SelectMany(file => Scanner.Scan(File.ReadAllText(Repository.Path(file))).Select(suspicion => (file, suspicion)));
}
