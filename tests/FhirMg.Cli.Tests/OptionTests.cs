using System.Text.Json.Nodes;

namespace FhirMg.Cli.Tests;

/// <summary>What the options do.</summary>
public sealed class OptionTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("2026-11-23", "2026-11-23T00:00:00Z")]
    [InlineData("2026-11", "2026-11-01T00:00:00Z")]
    [InlineData("2026-11-23T08:30:00+03:00", "2026-11-23T05:30:00Z")]
    public void As_of_is_the_start_of_a_date_or_a_moment_with_its_zone(string asOf, string expected)
    {
        var run = Fhirmg.Run("evaluate", Repository.Sample("adult-mild-with-migraine"), "--format", "json", "--as-of", asOf);
        Assert.Equal(expected, (string)Reports.Of(run).Single()["asOf"]!);
    }

    [Fact]
    public void Without_as_of_it_is_now()
    {
        var before = TimeProvider.System.GetUtcNow();
        var run = Fhirmg.Run("evaluate", Repository.Sample("adult-mild-with-migraine"), "--format", "json");
        var asOf = (DateTimeOffset)Reports.Of(run).Single()["asOf"]!;
        Assert.InRange(asOf, before.AddSeconds(-1), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public void A_hospitals_own_code_counts_when_it_is_added()
    {
        var file = _workspace.Write("a.json", Resources.Bundle(
            Resources.Patient("p1"), Resources.Serum("o1", "p1", "0.61").Replace("http://loinc.org", "https://lab.example.org?a=b", StringComparison.Ordinal)));
        Assert.Equal("missing", Reports.Status(Reports.Of(Fhirmg.Evaluate(file, "--format", "json")).Single()));
        var run = Fhirmg.Evaluate(file, "--format", "json", "--additional-code", "serum-magnesium=https://lab.example.org?a=b|2601-3");
        Assert.Equal("mild", Reports.Status(Reports.Of(run).Single()));
    }

    [Fact]
    public void A_disabled_rule_proposes_nothing_and_every_output_says_so()
    {
        string[] arguments = [Repository.Sample("adult-mild-with-migraine"), "--disable-rule", "rx-3", "--disable-rule", "DIET-1"];
        var report = Reports.Of(Fhirmg.Evaluate([.. arguments, "--format", "json"])).Single();
        Assert.Equal(["RX-3", "DIET-1"], report["disabledRules"]!.AsArray().Select(rule => (string)rule!));
        Assert.DoesNotContain(report["proposals"]!.AsArray(), proposal => (string)proposal!["rule"]! is "RX-3" or "DIET-1");
        Assert.Contains("Recommendations switched off at this site", Fhirmg.Evaluate(arguments).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("fhir")]
    public void Output_goes_to_the_file_that_is_named(string format)
    {
        var file = _workspace.Path("out");
        var run = Fhirmg.Evaluate(Repository.Sample("adult-mild-with-migraine"), "--format", format, "--output", file);
        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.Equal(Fhirmg.Evaluate(Repository.Sample("adult-mild-with-migraine"), "--format", format).Output, File.ReadAllText(file));
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_an_error()
    {
        var run = Fhirmg.Evaluate(Repository.Sample("adult-mild-with-migraine"), "--output", _workspace.Path("no/such/directory/x"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("it cannot be written", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void Fhir_is_one_Bundle_of_proposals_and_nothing_else(string language)
    {
        var run = Fhirmg.Evaluate(Repository.Sample("adult-mild-with-migraine"), "--format", "fhir", "--lang", language);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var bundle = JsonNode.Parse(run.Output)!;
        Assert.Equal(("Bundle", "transaction"), ((string)bundle["resourceType"]!, (string)bundle["type"]!));
        var types = bundle["entry"]!.AsArray().Select(entry => (string)entry!["resource"]!["resourceType"]!).ToList();
        Assert.Contains("RiskAssessment", types);
        Assert.Contains("MedicationRequest", types);
        Assert.All(bundle["entry"]!.AsArray().Where(entry => (string)entry!["resource"]!["resourceType"]! == "MedicationRequest"),
            entry => Assert.Equal(("draft", "proposal"), ((string)entry!["resource"]!["status"]!, (string)entry["resource"]!["intent"]!)));
        Assert.Contains("лёгкая гипомагниемия", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fhir_of_a_deceased_patient_is_an_empty_Bundle_and_says_so()
    {
        var run = Fhirmg.Evaluate(Repository.Sample("deceased-boolean"), "--format", "fhir");
        Assert.Equal(0, run.ExitCode);
        Assert.Null(JsonNode.Parse(run.Output)!["entry"]);
        Assert.Contains("recorded as deceased", run.Errors, StringComparison.Ordinal);
    }
}
