using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Screening;

/// <summary><c>fhirmg screen --server</c> as a person runs it.</summary>
public sealed class ServerScreenTests
{
    [Fact]
    public async Task A_population_is_exported_screened_and_then_removed()
    {
        using var workspace = new Workspace();
        await using var server = await BulkServer.StartAsync(Population(3), new() { Errors = ["ward 7 is not indexed"], Refuses = ["_typeFilter"], Gzip = true });

        var run = Fhirmg.Run("screen", "--server", server.BaseUrl.AbsoluteUri, "--all", "--out", workspace.Path("out"), "--as-of", Fhirmg.AsOf);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the server refuses _typeFilter", run.Errors, StringComparison.Ordinal);
        Assert.Contains("ward 7 is not indexed", run.Errors, StringComparison.Ordinal);
        Assert.Contains("3 patients evaluated", run.Output, StringComparison.Ordinal);
        var reports = await File.ReadAllLinesAsync(workspace.Path("out/reports.ndjson"), TestContext.Current.CancellationToken);
        Assert.Equal(3, reports.Length);

        // The server offers no allergies: what rests on them is named as not checked.
        Assert.All(reports, report => Assert.NotEmpty(JsonNode.Parse(report)!["notChecked"]!.AsArray()));
        Assert.False(Directory.Exists(workspace.Path("out/export")));
        Assert.Equal(0, server.OpenJobs);
    }

    [Fact]
    public async Task The_same_is_reported_as_of_the_files()
    {
        using var workspace = new Workspace();
        await using var server = await BulkServer.StartAsync(Population(5), new() { LinesOfFile = 2 });
        var served = Fhirmg.Run("screen", "--server", server.BaseUrl.AbsoluteUri, "--group", "Group/g1", "--out", workspace.Path("served"), "--as-of", Fhirmg.AsOf, "--keep-export");
        Assert.Equal(0, served.ExitCode);
        Assert.Equal("/fhir/r4/Group/g1/$export", server.KickOffs[0].Path);

        var again = Fhirmg.Run("screen", workspace.Path("served/export/files"), "--out", workspace.Path("files"), "--as-of", Fhirmg.AsOf);

        Assert.Equal(0, again.ExitCode);
        // What the server does not offer is not checked; of files nobody knows what they lack.
        Assert.Equal(Reports(workspace.Path("files/reports.ndjson")), Reports(workspace.Path("served/reports.ndjson")));
    }

    [Fact]
    public void Results_are_written_back_once()
    {
        using var workspace = new Workspace();
        using var server = Simulator.Start(Vendors.Hapi, Population(2));
        string[] command = ["screen", "--server", server.BaseUrl.AbsoluteUri, "--all", "--write", "--write-rate", "50", "--out", workspace.Path("out"), "--as-of", Fhirmg.AsOf];

        var first = Fhirmg.Run(command);

        Assert.Equal(0, first.ExitCode);
        Assert.Contains("the server exports nothing, so each patient is searched for", first.Errors, StringComparison.Ordinal);
        Assert.Contains("delivered 2 patients:", first.Errors, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(workspace.Path("out/writes.ndjson")).Length);
        var written = server.Resources.Count;
        Assert.True(written > 6);

        Assert.Contains("delivered 2 patients: 0 resources created", Fhirmg.Run(command).Errors, StringComparison.Ordinal);
        Assert.Equal(written, server.Resources.Count);
    }

    [Theory]
    [InlineData("--group needs --server", "screen", "x", "--group", "g1")]
    [InlineData("either --group ID or --all", "screen", "--server", "http://127.0.0.1:9/fhir")]
    [InlineData("either --group ID or --all", "screen", "--server", "http://127.0.0.1:9/fhir", "--all", "--group", "g1")]
    [InlineData("is no id of a Group", "screen", "--server", "http://127.0.0.1:9/fhir", "--group", "../x")]
    [InlineData("two sources", "screen", "x", "--server", "http://127.0.0.1:9/fhir", "--all")]
    [InlineData("--write-rate needs --write", "screen", "--server", "http://127.0.0.1:9/fhir", "--all", "--write-rate", "3")]
    [InlineData("no number above 0", "screen", "--server", "http://127.0.0.1:9/fhir", "--all", "--write", "--write-rate", "0")]
    [InlineData("--since:", "screen", "--server", "http://127.0.0.1:9/fhir", "--all", "--since", "yesterday")]
    public void Wrong_usage_is_said(string words, params string[] arguments)
    {
        var run = Fhirmg.Run(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Reports(string path) => File.ReadAllLines(path).Select(line =>
    {
        var report = JsonNode.Parse(line)!.AsObject();
        report.Remove("notChecked");
        report.Remove("notRead");
        return report.ToJsonString();
    });

    private static IEnumerable<JsonObject> Population(int patients) => Enumerable.Range(1, patients).SelectMany(number => new[]
    {
        new JsonObject { ["resourceType"] = "Patient", ["id"] = $"p{number}", ["birthDate"] = "1980-05-05" },
        new JsonObject
        {
            ["resourceType"] = "Observation",
            ["id"] = $"o{number}",
            ["status"] = "final",
            ["effectiveDateTime"] = "2026-11-02",
            ["subject"] = new JsonObject { ["reference"] = $"Patient/p{number}" },
            ["code"] = Concept("http://loinc.org", "2601-3"),
            ["valueQuantity"] = new JsonObject { ["value"] = 0.61, ["system"] = "http://unitsofmeasure.org", ["code"] = "mmol/L" },
        },
        new JsonObject
        {
            ["resourceType"] = "Condition",
            ["id"] = $"c{number}",
            ["subject"] = new JsonObject { ["reference"] = $"Patient/p{number}" },
            ["code"] = Concept("http://hl7.org/fhir/sid/icd-10", "G43.0"),
        },
    });

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };
}
