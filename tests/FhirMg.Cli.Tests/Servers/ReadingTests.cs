using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Servers;

/// <summary>A server in place of a file: the same report.</summary>
public sealed class ReadingTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_report_is_that_of_the_bundle_and_nothing_is_written()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Chart);
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.ChartPatient, "--format", "json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.True(JsonNode.DeepEquals(Hospital.ExpectedReports(Hospital.ChartSample), JsonNode.Parse(run.Output)!["reports"]), run.Output);
        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Theory]
    [InlineData("en", "data recorded under Patient/old, merged into Patient/p1")]
    [InlineData("ru", "данные, записанные под Patient/old, объединённым с Patient/p1")]
    public void Of_a_merged_record_the_one_that_lives_on_is_evaluated_with_what_was_left_behind(string language, string said)
    {
        var merged = JsonNode.Parse("""{"resourceType":"Patient","id":"old","link":[{"other":{"reference":"Patient/p1"},"type":"replaced-by"}]}""")!.AsObject();
        var resources = Hospital.Mild.Select(one => (string?)one["resourceType"] == "Observation" ? one.With("subject", """{"reference":"Patient/old"}""") : one);
        using var server = Hospital.Start(Vendors.Hapi, resources.Append(merged));
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", "old", "--lang", language);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Patient/old was merged into Patient/p1, who was evaluated", run.Errors, StringComparison.Ordinal);
        Assert.Contains(said, System.Text.RegularExpressions.Regex.Replace(run.Output, @"\s+", " "), StringComparison.Ordinal);
        var report = JsonNode.Parse(Hospital.Evaluate(server.BaseUrl, "--patient", "old", "--format", "json").Output)!["reports"]![0]!.AsObject();
        Assert.True(report.Remove("mergedFrom"));
        Assert.True(JsonNode.DeepEquals(Hospital.ExpectedReports(Hospital.MildSample)[0], report), report.ToJsonString());
    }

    [Fact]
    public void The_table_is_that_of_the_bundle_and_says_what_would_be_written()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild);
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", $"Patient/{Hospital.MildPatient}");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var conclusions = Fhirmg.Evaluate(Repository.Sample(Hospital.MildSample)).Output.Split("Data named above")[0];
        Assert.StartsWith(conclusions, run.Output, StringComparison.Ordinal);
        Assert.Contains("What would be written", run.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing has been written", run.Output, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public void Fhir_is_the_Bundle_and_nothing_of_ours_is_looked_for()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild);
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--format", "fhir");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(Types(Fhirmg.Evaluate(Repository.Sample(Hospital.MildSample), "--format", "fhir")), Types(run));
        Assert.DoesNotContain(server.Requests, request => request.Type == "RiskAssessment");
    }

    [Fact]
    public void Options_of_files_hold_for_servers_too()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild);
        var (plot, output) = (_workspace.Path("a.svg"), _workspace.Path("out.json"));
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--format", "json", "--plot", plot, "--output", output, "--disable-rule", "RX-3",
            "--additional-code", "serum-magnesium=https://lab.example.org|MG", "--lang", "ru");
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.Contains("RX-3", JsonNode.Parse(File.ReadAllText(output))!["reports"]![0]!["disabledRules"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(plot), StringComparison.Ordinal);
        Assert.Contains(server.Requests, request => request.Url.Query.Contains("lab.example.org", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_server_does_not_offer_is_said_in_the_table_and_beside_it()
    {
        using var server = Hospital.Start(Vendors.Oracle, Hospital.Chart);
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.ChartPatient);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Could not be read from the server", run.Output, StringComparison.Ordinal);
        Assert.Contains("From the server", run.Output, StringComparison.Ordinal);
        Assert.Contains("does not offer", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_patients_come_in_the_order_asked_from_options_and_lists()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Ward(8));
        var list = _workspace.Write("list.txt", "\uFEFFa5\r\n\r\n  Patient/a1 \nhttps://mrn.example.org|7\n");
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", "a6", "--patients", list, "--identifier", "https://mrn.example.org|2", "--patient", "a5", "-p", "a0", "--format", "json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["a6", "a5", "a1", "a7", "a2", "a0"], Reports.Patients(run).Select(name => name["Patient/".Length..]));
    }

    [Fact]
    public void A_list_may_come_from_standard_input()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Ward(40));
        var run = Fhirmg.Run(["evaluate", "--server", server.BaseUrl.AbsoluteUri, "--patients", "-", "--format", "json", "--as-of", Fhirmg.AsOf],
            string.Join('\n', Enumerable.Range(0, 40).Select(i => $"a{i}")));
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"Patient/a{i}"), Reports.Patients(run));
    }

    [Fact]
    public void One_patient_that_fails_costs_that_patient()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Ward(4))
            .Inject(Faults.Status(503).When(request => request.Url.Query.Contains("a1&", StringComparison.Ordinal) && request.Type == "Condition"));
        var run = Hospital.Evaluate(server.BaseUrl, "-p", "a0", "-p", "a1", "-p", "nobody", "-p", "a3", "--format", "json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["Patient/a0", "Patient/a3"], Reports.Patients(run));
        Assert.Contains("Patient/a1: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("503", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Patient/nobody: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("there is no such patient: check the id", run.Errors, StringComparison.Ordinal);
    }

    private static List<string> Types(Fhirmg run) => [.. JsonNode.Parse(run.Output)!["entry"]!.AsArray().Select(entry => (string)entry!["resource"]!["resourceType"]!)];
}
