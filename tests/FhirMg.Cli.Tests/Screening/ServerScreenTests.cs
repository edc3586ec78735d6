using System.Diagnostics;
using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Screening;

/// <summary><c>fhirmg screen --server</c> as a person runs it.</summary>
public sealed class ServerScreenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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

    [Fact]
    public async Task After_kill_in_the_middle_of_a_download_it_goes_on_and_counts_nothing_twice()
    {
        using var workspace = new Workspace();
        await using var server = await BulkServer.StartAsync(Population(30), new() { LinesOfFile = 5 });
        string[] command = ["screen", "--server", server.BaseUrl.AbsoluteUri, "--all", "--out", workspace.Path("out"), "--as-of", Fhirmg.AsOf];
        var journal = workspace.Path("out/export/fetched.log");
        var inMiddle = new TaskCompletionSource();
        server.BeforeFile = number =>
        {
            if (number < 6)
            {
                return Task.CompletedTask;
            }

            inMiddle.TrySetResult();
            return Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        };
        using (var process = Fhirmg.Start(command))
        {
            await inMiddle.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

            // Those before the one that hangs arrive; a file is whole once the journal says so.
            for (var until = TimeProvider.System.GetTimestamp(); new FileInfo(journal) is { Exists: false } or { Length: 0 };)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(until) < Patience);
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var whole = (await File.ReadAllLinesAsync(journal, TestContext.Current.CancellationToken)).Length;
        Assert.InRange(whole, 1, 17);

        // What the dead process had asked for may reach the server after its end.
        int before;
        do
        {
            before = server.Downloads.Count;
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
        while (server.Downloads.Count > before);
        server.BeforeFile = null;

        var resumed = Fhirmg.Run([.. command, "--resume"]);

        Assert.Equal(0, resumed.ExitCode);
        Assert.Contains("30 patients evaluated, of 90 resources", resumed.Output, StringComparison.Ordinal);
        Assert.Contains("0 replaced by newer versions", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(18 - whole, server.Downloads.Count - before);
        Assert.Single(server.KickOffs);
        Assert.Equal(0, server.OpenJobs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ctrl_C_has_the_server_delete_the_job_unless_it_is_to_be_kept(bool keep)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var workspace = new Workspace();
        await using var server = await BulkServer.StartAsync(Population(2), new() { Statuses = [.. Enumerable.Repeat(new StatusAnswer(202, "1"), 1000)] });
        string[] command = ["screen", "--server", server.BaseUrl.AbsoluteUri, "--all", "--out", workspace.Path("out"), "--as-of", Fhirmg.AsOf, .. keep ? ["--keep-job"] : Array.Empty<string>()];
        using var process = Fhirmg.Start(command);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        for (var until = TimeProvider.System.GetTimestamp(); !server.Requests.Any(request => request.Path.Contains("/jobs/", StringComparison.Ordinal));)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(until) < Patience);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        using var interrupt = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("--resume", await errors, StringComparison.Ordinal);
        Assert.Equal(keep ? 0 : 1, server.Requests.Count(request => request.Method == "DELETE"));
        server.Options = server.Options with { Statuses = [] };
        Assert.Equal(0, Fhirmg.Run([.. command, "--resume"]).ExitCode);
        Assert.Equal(keep ? 1 : 2, server.KickOffs.Count);
        Assert.Equal(0, server.OpenJobs);
    }

    [Fact]
    public async Task A_server_that_ignores_the_filters_sends_more_and_nothing_of_it_counts_twice()
    {
        using var workspace = new Workspace();

        // It heeds neither _type nor _typeFilter, and sends once for each filter what it sends.
        var glucose = Population(4).Where(resource => (string)resource["resourceType"]! == "Observation").Select(resource =>
        {
            resource["id"] = $"g{(string)resource["id"]!}";
            resource["code"] = Concept("http://loinc.org", "2339-0");
            return resource;
        });
        var procedures = Enumerable.Range(1, 4).Select(number => new JsonObject { ["resourceType"] = "Procedure", ["id"] = $"x{number}", ["subject"] = new JsonObject { ["reference"] = $"Patient/p{number}" } });
        await using var server = await BulkServer.StartAsync(Population(4).Concat(Population(4)).Concat(glucose).Concat(procedures), new() { HeedsTypes = false, LinesOfFile = 3 });
        await using var plain = await BulkServer.StartAsync(Population(4));

        var run = Fhirmg.Run("screen", "--server", server.BaseUrl.AbsoluteUri, "--all", "--out", workspace.Path("out"), "--as-of", Fhirmg.AsOf);
        Assert.Equal(0, Fhirmg.Run("screen", "--server", plain.BaseUrl.AbsoluteUri, "--all", "--out", workspace.Path("plain"), "--as-of", Fhirmg.AsOf).ExitCode);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("4 patients evaluated, of 28 resources", run.Output, StringComparison.Ordinal);
        Assert.Contains("12 replaced by newer versions", run.Output, StringComparison.Ordinal);
        Assert.Contains("not fetched: Procedure", run.Errors, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(workspace.Path("plain/reports.ndjson"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(workspace.Path("out/reports.ndjson"), TestContext.Current.CancellationToken));
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
