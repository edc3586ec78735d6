using System.Text.Json.Nodes;

namespace FhirMg.Cli.Tests;

/// <summary>What is read, and what becomes of what cannot be read.</summary>
public sealed class InputTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_sample_gives_its_expected_report_and_nothing_else_on_standard_output()
    {
        var run = Fhirmg.Evaluate(Repository.Sample("adult-mild-with-migraine"), "--format", "json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal('{', run.Output[0]);
        var expected = JsonNode.Parse(File.ReadAllText(Repository.Path("fhir-samples", "adult-mild-with-migraine", "expected-report.json")));
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(run.Output)));
    }

    [Fact]
    public void Json_keeps_Cyrillic_readable_and_ends_in_one_line_end()
    {
        var file = _workspace.Write("a.json", Resources.Bundle(Resources.Patient("p1"), Resources.Serum("больной", "p1", "0.61")));
        var run = Fhirmg.Evaluate(file, "--format", "json");
        Assert.Contains("больной", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("}\n", run.Output, StringComparison.Ordinal);
        Assert.False(run.Output.EndsWith("\n\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-")]
    [InlineData(null)]
    public void Standard_input_is_read_when_named_and_when_nothing_is(string? argument)
    {
        string[] arguments = ["evaluate", "--format", "json", "--as-of", Fhirmg.AsOf, .. argument is null ? (string[])[] : [argument]];
        var run = Fhirmg.Run(arguments, Resources.Bundle(Resources.Patient("p1"), Resources.Serum("o1", "p1", "0.61")));
        Assert.Equal((0, "mild"), (run.ExitCode, Reports.Status(Reports.Of(run).Single())));
    }

    [Fact]
    public void Empty_standard_input_is_an_error_that_names_it()
    {
        var run = Fhirmg.Run(["evaluate"], "");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("standard input: it is empty", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void One_patient_spread_over_files_and_lines_is_one_patient()
    {
        _workspace.Write("data/1/patient.json", Resources.Patient("p1"));
        _workspace.Write("data/2/labs.ndjson", $"{Resources.Serum("o1", "p1", "0.61")}\n{Resources.Serum("o2", "p1", "0.55", "2026-11-10")}\n");
        var run = Fhirmg.Evaluate(_workspace.Path("data"), "--format", "json");
        var report = Reports.Of(run).Single();
        Assert.Equal((0, "Observation/o2"), (run.ExitCode, (string)report["serum"]!["observation"]!));
    }

    [Fact]
    public void A_directory_is_searched_in_ordinal_order()
    {
        _workspace.Write("b/x.json", Resources.Bundle(Resources.Patient("second")));
        _workspace.Write("a.jsonl", Resources.Bundle(Resources.Patient("first")));
        _workspace.Write("c.JSON", Resources.Bundle(Resources.Patient("third")));
        _workspace.Write("d.txt", "no input");
        Assert.Equal(["Patient/first", "Patient/second", "Patient/third"], Reports.Patients(Fhirmg.Evaluate(_workspace.Folder, "--format", "json")));
    }

    [Fact]
    public void Other_json_in_a_directory_is_passed_over_and_said_once()
    {
        var run = Fhirmg.Evaluate("fhir-samples/adult-mild-with-migraine", "--format", "json");
        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
        Assert.Contains("passed over 1 JSON file without a resourceType: fhir-samples/adult-mild-with-migraine/expected-report.json", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_json_named_by_itself_is_an_error()
    {
        var run = Fhirmg.Evaluate("fhir-samples/adult-mild-with-migraine/expected-report.json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("it has no resourceType, so it is no FHIR resource", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_without_json_is_an_error()
    {
        _workspace.Write("notes.txt", "nothing");
        var run = Fhirmg.Evaluate(_workspace.Folder);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there is no *.json, *.ndjson or *.jsonl", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named_and_the_others_are_evaluated()
    {
        Assert.Equal("", Fhirmg.Evaluate("nowhere.json").Output);
        var run = Fhirmg.Evaluate("nowhere.json", Repository.Sample("adult-mild-with-migraine"), "--format", "json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nowhere.json: there is no such file or directory", run.Errors, StringComparison.Ordinal);
        Assert.Single(Reports.Of(run));
    }

    [Fact]
    public void Truncated_json_is_named_with_its_line_and_the_others_are_evaluated()
    {
        var whole = Resources.Bundle(Resources.Patient("lost"), Resources.Serum("o1", "lost", "0.61"));
        var cut = _workspace.Write("cut.json", whole[..^20]);
        var run = Fhirmg.Evaluate(cut, Repository.Sample("adult-mild-with-migraine"), "--format", "json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cut.json, line 1: it is no valid JSON", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["Patient/p1"], Reports.Patients(run));
    }

    [Fact]
    public void A_damaged_line_costs_that_line()
    {
        var file = _workspace.Write("a.ndjson", $"{Resources.Patient("p1")}\n{{\"resourceType\":\n{Resources.Serum("o1", "p1", "0.61")}\n");
        var run = Fhirmg.Evaluate(file, "--format", "json");
        Assert.Equal((1, "mild"), (run.ExitCode, Reports.Status(Reports.Of(run).Single())));
        Assert.Contains("a.ndjson, line 2:", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<Bundle xmlns=\"http://hl7.org/fhir\"/>", "it is XML", "application/fhir+json")]
    [InlineData("\u001f\u008b", "it is no JSON object", "Send FHIR R4 as JSON")]
    [InlineData("[1]", "it is no JSON object", "Send FHIR R4 as JSON")]
    public void What_is_no_json_is_said_with_what_to_do(string content, string problem, string advice)
    {
        var run = Fhirmg.Evaluate(_workspace.Write("input", content));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(problem, run.Errors, StringComparison.Ordinal);
        Assert.Contains(advice, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_R5_bundle_is_refused_as_such()
    {
        const string History = """{"resourceType":"EncounterHistory","id":"h1","status":"completed","subject":{"reference":"Patient/p1"}}""";
        var run = Fhirmg.Evaluate(_workspace.Write("r5.json", Resources.Bundle(Resources.Patient("p1"), History)));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("it is not FHIR R4 but R5: EncounterHistory", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_named_twice_counts_once()
    {
        var sample = Repository.Sample("adult-mild-with-migraine");
        Assert.Single(Reports.Of(Fhirmg.Evaluate(sample, sample, "./" + sample, "fhir-samples/adult-mild-with-migraine", "--format", "json")));
    }

    [Fact]
    public void Links_that_lead_back_do_not_loop()
    {
        _workspace.Write("data/a.json", Resources.Bundle(Resources.Patient("p1")));
        Directory.CreateSymbolicLink(_workspace.Path("data/again"), _workspace.Path("data"));
        Assert.Single(Reports.Of(Fhirmg.Evaluate(_workspace.Path("data"), "--format", "json")));
    }

    [Fact]
    public void An_input_without_patients_says_so()
    {
        var run = Fhirmg.Evaluate(_workspace.Write("a.json", """{"resourceType":"Bundle","type":"collection"}"""), "--format", "json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("there is no patient in the input", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Reports.Of(run));
    }
}
