using FhirMg.Screening.Bulk;
using FhirMg.Simulators;

namespace FhirMg.Screening.Tests.Bulk;

/// <summary>Medications in the runs after the first: of changes, after an outage, and after a run that broke off.</summary>
public sealed partial class ExportMedicationsTests
{
    private static readonly DateTimeOffset Yesterday = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_was_read_for_an_earlier_export_is_read_again_with_the_changes()
    {
        var (first, second) = (Medication("m1"), Medication("m2"));
        await using var server = await BulkServer.StartAsync([.. Population.Of(2), first, second, Request("r1", 1, "Medication/m1"), Request("r2", 2, "Medication/m2")], WithoutMedications);
        await using var fetching = new Fetching(server.BaseUrl);
        await fetching.RunAsync();

        first["code"] = Code("A12CC04", "magnesium citrate");
        var outcome = await ChangesAsync(fetching);

        Assert.Empty(outcome.Problems);
        Assert.Equal(4, Reads(server).Count);
        Assert.Equal(["Medication/m1", "Medication/m2"], fetching.Names().Where(IsMedication));
        Assert.Equal("magnesium citrate", DisplayOf(fetching, "m1"));
    }

    [Fact]
    public async Task Of_what_cannot_be_read_again_the_earlier_version_counts_and_that_is_said()
    {
        await using var server = await StartAsync(WithoutMedications, Request("r1", 1, "Medication/m1"), Request("r2", 2, "Medication/m2"));
        await using var fetching = new Fetching(server.BaseUrl);
        await fetching.RunAsync();

        server.Options = server.Options with { Reads = new Dictionary<string, int> { ["Medication/m1"] = 503 } };
        var outcome = await ChangesAsync(fetching);

        Assert.Contains("what was read of them for an earlier export counts, and may have changed since", Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.Equal(["Medication/m1", "Medication/m2"], fetching.Names().Where(IsMedication));
        Assert.Equal([0, 0], (await ReportsAsync(fetching)).Select(report => (int)report["unresolvedMedicines"]!));
    }

    [Fact]
    public async Task What_is_gone_since_an_earlier_export_counts_no_more()
    {
        await using var server = await StartAsync(WithoutMedications, Request("r1", 1, "Medication/m1"), Request("r2", 2, "Medication/m2"));
        await using var fetching = new Fetching(server.BaseUrl);
        await fetching.RunAsync();

        server.Options = server.Options with { Reads = new Dictionary<string, int> { ["Medication/m1"] = 410 } };
        var outcome = await ChangesAsync(fetching);

        Assert.Contains("count as unresolved", Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.Equal(["Medication/m2"], fetching.Names().Where(IsMedication));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(403)]
    public async Task Those_that_were_not_to_be_had_are_tried_again_by_a_resumed_run_and_no_others(int status)
    {
        await using var server = await StartAsync(WithoutMedications, Request("r1", 1, "Medication/m1"), Request("r2", 2, "Medication/m2"));
        server.Options = server.Options with { Reads = new Dictionary<string, int> { ["Medication/m1"] = status } };
        await using var fetching = new Fetching(server.BaseUrl);
        Assert.Contains("--resume to try these again", Assert.Single((await fetching.RunAsync()).Problems), StringComparison.Ordinal);

        // The outage goes on: it is said again, and what is screened is as it was.
        var still = await fetching.ResumeAsync();
        Assert.StartsWith("1 of these", Assert.Single(still.Problems), StringComparison.Ordinal);
        Assert.False(still.IsNew);

        var before = Reads(server).Count;
        server.Options = server.Options with { Reads = new Dictionary<string, int>() };
        var outcome = await fetching.ResumeAsync();

        Assert.Empty(outcome.Problems);
        Assert.Contains(outcome.Notes, note => note.Contains("lacks 2 Medications", StringComparison.Ordinal));
        Assert.True(outcome.IsNew);
        Assert.Equal(["/fhir/r4/Medication/m1"], Reads(server).Skip(before).Select(request => request.Path));
        Assert.Equal(["Medication/m1", "Medication/m2"], fetching.Names().Where(IsMedication));
        Assert.Single(server.KickOffs);

        // And then the server is asked nothing.
        var requests = server.Requests.Count;
        Assert.False((await fetching.ResumeAsync()).IsNew);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_broke_off_reads_nothing_again_that_it_had_and_says_all_that_failed(bool keepsJob)
    {
        var requests = Enumerable.Range(10, 30).Select(number => Request($"r{number}", 1, $"Medication/m{number}")).ToArray();
        var medications = Enumerable.Range(10, 29).Select(number => Medication($"m{number}"));
        await using var server = await BulkServer.StartAsync([.. Population.Of(2), .. medications, .. requests],
            WithoutMedications with { Reads = new Dictionary<string, int> { ["Medication/m11"] = 403 } });
        // One at a time, so that what was asked for when it broke off is known.
        await using var fetching = new Fetching(server.BaseUrl, options => options with { MaxConcurrency = 1 });
        fetching.Options = fetching.Options with { KeepJobOnCancel = keepsJob };
        using var crash = new CancellationTokenSource();
        server.BeforeRead = name => name == "Medication/m22" ? crash.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching.RunAsync(crash.Token));
        var had = fetching.Names().Where(IsMedication).ToList();
        var before = Reads(server).Count;
        var downloads = server.Downloads.Count;
        server.BeforeRead = null;

        var outcome = await fetching.ResumeAsync();

        Assert.Equal(Enumerable.Range(10, 12).Where(number => number != 11).Select(number => $"Medication/m{number}"), had);
        var again = Reads(server).Skip(before).Select(request => request.Path["/fhir/r4/".Length..]).ToList();
        Assert.Equal(Enumerable.Range(10, 30).Select(number => $"Medication/m{number}").Except(had), again.Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(10, 29).Where(number => number != 11).Select(number => $"Medication/m{number}"), fetching.Names().Where(IsMedication));
        Assert.Contains(outcome.Notes, note => note.Contains("lacks 30 Medications", StringComparison.Ordinal));
        Assert.StartsWith("2 of these Medications could not be read", Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.Equal(downloads, server.Downloads.Count);
        Assert.Single(server.KickOffs);
        Assert.Equal(0, server.OpenJobs);
    }

    [Theory]
    [InlineData("""{"resourceType":"Medication","id":"m2","code":{"cod""")]
    [InlineData("""{"resourceType":"Medication","id":"m2"}""")]
    [InlineData("\0\0\0\0")]
    public async Task What_a_crash_left_of_the_last_line_is_neither_lost_nor_in_the_way(string rest)
    {
        await using var server = await StartAsync(WithoutMedications, Request("r1", 1, "Medication/m1"), Request("r2", 2, "Medication/m2"), Request("r3", 1, "Medication/m3"));
        server.Options = server.Options with { Reads = new Dictionary<string, int> { ["Medication/m2"] = 503 } };
        await using var fetching = new Fetching(server.BaseUrl);
        await fetching.RunAsync();
        await File.AppendAllTextAsync(Directory.GetFiles(Path.Combine(fetching.Options.Directory, "files"), "*-Medication-read.ndjson").Single(), rest, TestContext.Current.CancellationToken);
        server.Options = server.Options with { Reads = new Dictionary<string, int>() };

        await fetching.ResumeAsync();

        Assert.Equal(["Medication/m1", "Medication/m2"], fetching.Names().Where(IsMedication));
    }

    private static Task<ExportOutcome> ChangesAsync(Fetching fetching)
    {
        fetching.Options = fetching.Options with { Since = Yesterday };
        return fetching.RunAsync();
    }

    private static string DisplayOf(Fetching fetching, string medication) => (string)fetching.Resources()
        .Single(resource => (string?)resource["resourceType"] == "Medication" && (string?)resource["id"] == medication)["code"]!["coding"]![0]!["display"]!;
}
