using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Pulling;

/// <summary>Data that a server has left with merged records count as those of the patient who lives on, and it is said.</summary>
public sealed class MergedPullTests
{
    [Fact]
    public async Task What_was_left_with_the_merged_records_counts_as_if_it_had_been_moved()
    {
        using var left = Simulator.Start(Vendors.Hapi, [Merged("old", "mid"), Merged("mid", "new"), Living("new"), Serum("old"), Migraine("mid"), Kidneys("new")]);
        using var moved = Simulator.Start(Vendors.Hapi, [Merged("old", "mid"), Merged("mid", "new"), Living("new"), Serum("new"), Migraine("new"), Kidneys("new")]);

        var (report, warnings) = await ReportAsync(left, "old");
        var (expected, expectedWarnings) = await ReportAsync(moved, "old");

        Assert.Equal("Patient/new", (string?)report["patient"]);
        Assert.Equal("mild", (string?)report["serum"]!["status"]);
        Assert.Equal("confirmed", (string?)report["deficiency"]);
        Assert.Contains("SAFE-1", report["safety"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("""["Patient/mid","Patient/old"]""", report["mergedFrom"]!.ToJsonString());
        Assert.Equal(["Patient/old was merged into Patient/new, who was evaluated"], warnings);

        // Nothing is said to be joined where the server has moved all.
        Assert.False(expected.ContainsKey("mergedFrom"));
        Assert.Equal(warnings, expectedWarnings);
        report.Remove("mergedFrom");
        Assert.Equal(expected.ToJsonString(), report.ToJsonString());
    }

    [Fact]
    public async Task It_counts_too_when_the_patient_who_lives_on_is_asked_for_and_names_the_record_replaced()
    {
        using var server = Simulator.Start(Vendors.Hapi, [Merged("oldest", "old"), Merged("old", "new", "oldest"), Living("new", "old"), Serum("oldest"), Migraine("new")]);

        var (report, warnings) = await ReportAsync(server, "new");

        Assert.Equal(("Patient/new", "mild"), ((string?)report["patient"], (string?)report["serum"]!["status"]));
        Assert.Equal("""["Patient/oldest"]""", report["mergedFrom"]!.ToJsonString());
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task A_record_that_does_not_say_that_it_was_replaced_is_not_joined_and_that_is_said()
    {
        using var server = Simulator.Start(Vendors.Hapi, [Living("other"), Merged("third", "other"), Living("new", "other", "third"), Serum("other"), Serum("third"), Migraine("new")]);

        var (report, warnings) = await ReportAsync(server, "new");

        Assert.Equal("missing", (string?)report["serum"]!["status"]);
        Assert.False(report.ContainsKey("mergedFrom"));
        Assert.Equal(2, warnings.Count(warning => warning.Contains("does not say so itself", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_a_record_replaced_that_is_not_given_it_is_said_that_it_does_not_count()
    {
        using var server = Simulator.Start(Vendors.Hapi, [Living("new", "purged"), Serum("new"), Migraine("new")]);

        var (report, warnings) = await ReportAsync(server, "new");

        Assert.Equal("mild", (string?)report["serum"]!["status"]);
        Assert.Contains("Patient/purged", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("is not counted", warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_at_a_merged_record_is_an_error_and_no_smaller_answer()
    {
        using var server = Simulator.Start(Vendors.Hapi, [Merged("old", "new"), Living("new", "old"), Serum("old"), Migraine("new")])
            .Inject(Faults.Status(500).When(request => request.Url.AbsoluteUri.Contains("Patient/old", StringComparison.Ordinal)));
        await using var pull = new Pull(server.BaseUrl, options => options with { MaxAttempts = 1 });

        await Assert.ThrowsAsync<FhirServerException>(() => new MergedPull(pull.Server, Knowledge.BuiltIn).ReadAsync("new", Pull.AsOf, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_the_server_does_not_let_us_look_for_at_a_merged_record_is_not_taken_as_read()
    {
        using var server = Simulator.Start(Vendors.Hapi, [Merged("old", "new"), Living("new"), Serum("new"), Migraine("new")])
            .Inject(Faults.Status(403).When(request => request.Type == "Condition" && request.Url.Query.Contains("old", StringComparison.Ordinal)));

        var (report, warnings) = await ReportAsync(server, "old");

        Assert.Equal("""["conditions"]""", report["notRead"]!.ToJsonString());
        Assert.Contains(warnings, warning => warning.StartsWith("Condition could not be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_more_than_four_records_are_joined_and_the_others_are_named()
    {
        string[] former = [.. Enumerable.Range(1, 6).Select(number => $"old{number}")];
        using var server = Simulator.Start(Vendors.Hapi, [.. former.Select(id => Merged(id, "new")), .. former.Select(Serum), Living("new", former), Migraine("new")]);

        var (report, warnings) = await ReportAsync(server, "new");

        Assert.Equal(4, report["mergedFrom"]!.AsArray().Count);
        Assert.Equal(2, warnings.Count(warning => warning.StartsWith("more than 4 records were merged", StringComparison.Ordinal)));
    }

    private static async Task<(JsonObject Report, IReadOnlyList<string> Warnings)> ReportAsync(Simulator server, string patient)
    {
        await using var pull = new Pull(server.BaseUrl);
        var pulled = await new MergedPull(pull.Server, Knowledge.BuiltIn).ReadAsync(patient, Pull.AsOf, TestContext.Current.CancellationToken);
        var assessment = Evaluator.Evaluate(Extractor.Extract(pulled.Record, Knowledge.BuiltIn, Pull.AsOf, pulled.NotRead), Knowledge.BuiltIn);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            ReportWriter.Write(writer, assessment);
        }

        return (JsonNode.Parse(stream.ToArray())!.AsObject(), [.. pulled.Warnings.Prepend(pulled.Merge).OfType<string>()]);
    }

    private static JsonObject Living(string id, params string[] replaces) => Patient(id, [.. replaces.Select(former => (former, "replaces"))]);

    private static JsonObject Merged(string id, string by, params string[] replaces) => Patient(id, [(by, "replaced-by"), .. replaces.Select(former => (former, "replaces"))]);

    private static JsonObject Patient(string id, IEnumerable<(string Other, string Type)> links) => new()
    {
        ["resourceType"] = "Patient",
        ["id"] = id,
        ["birthDate"] = "1980-05-05",
        ["link"] = new JsonArray([.. links.Select(link => new JsonObject { ["other"] = new JsonObject { ["reference"] = $"Patient/{link.Other}" }, ["type"] = link.Type })]),
    };

    private static JsonObject Serum(string patient) => JsonNode.Parse($$$"""
        {"resourceType":"Observation","id":"serum-{{{(patient is "new" or "old" ? "1" : patient)}}}","status":"final","subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"2026-11-02",
         "code":{"coding":[{"system":"http://loinc.org","code":"2601-3"}]},"valueQuantity":{"value":0.61,"system":"http://unitsofmeasure.org","code":"mmol/L"}}
        """)!.AsObject();

    private static JsonObject Kidneys(string patient) => JsonNode.Parse($$$"""
        {"resourceType":"Observation","id":"egfr-1","status":"final","subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"2026-11-02",
         "code":{"coding":[{"system":"http://loinc.org","code":"98979-8"}]},"valueQuantity":{"value":20,"system":"http://unitsofmeasure.org","code":"mL/min/{1.73_m2}"}}
        """)!.AsObject();

    private static JsonObject Migraine(string patient) => JsonNode.Parse($$$"""
        {"resourceType":"Condition","id":"migraine-1","subject":{"reference":"Patient/{{{patient}}}"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"G43.0"}]}}
        """)!.AsObject();
}
