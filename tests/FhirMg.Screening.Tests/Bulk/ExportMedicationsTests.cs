using System.Text.Json.Nodes;
using FhirMg.Screening.Bulk;
using FhirMg.Simulators;

namespace FhirMg.Screening.Tests.Bulk;

/// <summary>Medications that an export lacks are read one by one, as they are of a single patient, so that medicines are known.</summary>
public sealed partial class ExportMedicationsTests
{
    private static readonly BulkServerOptions WithoutMedications = new() { ExportsNot = ["Medication"] };

    [Fact]
    public async Task Medications_that_the_export_lacks_are_read_once_each()
    {
        await using var server = await StartAsync(WithoutMedications, Request("r1", 1, "Medication/m1"), Request("r2", 2, "Medication/m1/_history/3"), Statement("s1", 1, "Medication/m2"));
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.Equal(["Medication/m1", "Medication/m2"], fetching.Names().Where(IsMedication));
        Assert.Equal(2, Reads(server).Count);
        Assert.Empty(outcome.Problems);
        Assert.Contains(outcome.Notes, note => note.Contains("lacks 2 Medications", StringComparison.Ordinal));
        Assert.Equal(2, fetching.Progress.Count(progress => progress.Phase == ExportPhase.Medications));
        Assert.Equal(0, server.OpenJobs);
        Assert.Equal([0, 0], (await ReportsAsync(fetching)).Select(report => (int)report["unresolvedMedicines"]!));
    }

    [Fact]
    public async Task Those_are_not_read_that_no_medicine_needs_or_that_lie_elsewhere()
    {
        var contained = Request("r3", 1, "#m");
        contained["contained"] = new JsonArray(Medication("m"));
        await using var server = await StartAsync(
            WithoutMedications, Request("r1", 1, "Medication/m1", status: "stopped"), Request("r2", 1, "https://elsewhere.example/fhir/Medication/m2"), contained);
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.Empty(Reads(server));
        Assert.DoesNotContain(outcome.Notes, note => note.Contains("Medications", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Those_that_are_exported_are_not_read_again()
    {
        await using var server = await StartAsync(new(), Request("r1", 1, "Medication/m1"));
        await using var fetching = new Fetching(server.BaseUrl);

        await fetching.RunAsync();

        Assert.Empty(Reads(server));
        Assert.Equal(["Medication/m1", "Medication/m2"], fetching.Names().Where(IsMedication));
    }

    [Fact]
    public async Task What_the_server_does_not_give_is_named_and_the_rest_counts()
    {
        await using var server = await StartAsync(WithoutMedications, Request("r1", 1, "Medication/m1"), Request("r2", 2, "Medication/nobody-knows"));
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.Equal(["Medication/m1"], fetching.Names().Where(IsMedication));
        var problem = Assert.Single(outcome.Problems);
        Assert.StartsWith("1 of these Medications could not be read", problem, StringComparison.Ordinal);
        Assert.Equal([0, 1], (await ReportsAsync(fetching)).Select(report => (int)report["unresolvedMedicines"]!).Order());
    }

    [Fact]
    public async Task One_that_is_nested_too_deeply_is_named_and_the_rest_counts()
    {
        JsonNode deep = new JsonArray();
        for (var depth = 0; depth < 70; depth++)
        {
            deep = new JsonArray(deep);
        }

        var odd = Medication("m3");
        odd["odd"] = deep;
        await using var server = await BulkServer.StartAsync(
            [.. Population.Of(2), Medication("m1"), odd, Request("r1", 1, "Medication/m1"), Request("r2", 2, "Medication/m3")], WithoutMedications);
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.Equal(["Medication/m1"], fetching.Names().Where(IsMedication));
        Assert.Contains("cannot be read", Assert.Single(outcome.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_gives_none_is_soon_asked_no_more()
    {
        var requests = Enumerable.Range(1, 200).Select(number => Request($"r{number}", 1, $"Medication/x{number}")).ToArray();
        await using var server = await StartAsync(WithoutMedications, requests);
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.InRange(Reads(server).Count, 50, 100);
        Assert.StartsWith("200 of these Medications could not be read", Assert.Single(outcome.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_that_are_gone_do_not_keep_the_others_of_a_server_that_gives_them_from_being_read()
    {
        var requests = Enumerable.Range(1, 100).Select(number => Request($"r{number}", 1, $"Medication/n{number}")).Append(Request("r0", 2, "Medication/m1")).Append(Request("r101", 2, "Medication/z"));
        await using var server = await BulkServer.StartAsync([.. Population.Of(2), Medication("m1"), Medication("z"), .. requests], WithoutMedications);
        await using var fetching = new Fetching(server.BaseUrl, options => options with { MaxConcurrency = 1 });

        var outcome = await fetching.RunAsync();

        Assert.Equal(["Medication/m1", "Medication/z"], fetching.Names().Where(IsMedication));
        Assert.StartsWith("100 of these Medications could not be read", Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain("--resume", outcome.Problems[0], StringComparison.Ordinal);
    }

    private static Task<BulkServer> StartAsync(BulkServerOptions options, params JsonObject[] medicines) =>
        BulkServer.StartAsync([.. Population.Of(2), Medication("m1"), Medication("m2"), .. medicines], options);

    private static List<BulkRequest> Reads(BulkServer server) => [.. server.Requests.Where(request => request.Path.StartsWith("/fhir/r4/Medication/", StringComparison.Ordinal))];

    private static bool IsMedication(string name) => name.StartsWith("Medication/", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<JsonNode>> ReportsAsync(Fetching fetching)
    {
        var results = Directory.CreateDirectory(Path.Combine(fetching.Options.Directory, "..", "out")).FullName;
        await PopulationScreening.RunAsync(
            new() { Inputs = [Path.Combine(fetching.Options.Directory, "files")], OutDirectory = results, AsOf = fetching.Options.AsOf, Knowledge = fetching.Options.Knowledge, Threads = 1 },
            _ => [], null, TestContext.Current.CancellationToken);
        var lines = await File.ReadAllLinesAsync(Path.Combine(results, "reports.ndjson"), TestContext.Current.CancellationToken);
        return [.. lines.Select(line => JsonNode.Parse(line)!)];
    }

    private static JsonObject Medication(string id) => Population.Resource("Medication", id, null, ("code", Code("A02BC01", "omeprazole")));

    private static JsonObject Code(string code, string display) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://www.whocc.no/atc", ["code"] = code, ["display"] = display }) };

    private static JsonObject Request(string id, int patient, string medication, string status = "active") => Population.Resource("MedicationRequest", id, patient,
        ("status", status), ("intent", "order"), ("authoredOn", "2026-10-01"), ("medicationReference", new JsonObject { ["reference"] = medication }));

    private static JsonObject Statement(string id, int patient, string medication) => Population.Resource("MedicationStatement", id, patient,
        ("status", "active"), ("medicationReference", new JsonObject { ["reference"] = medication }));
}
