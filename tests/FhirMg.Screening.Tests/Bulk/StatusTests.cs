using System.Globalization;
using FhirMg.Fhir.Servers;
using FhirMg.Screening.Bulk;
using FhirMg.Simulators;

namespace FhirMg.Screening.Tests.Bulk;

/// <summary>Polling with Retry-After in every form, always capped; backoff; 429/503/504; X-Progress; a lost job; DELETE.</summary>
public class StatusTests
{
    public static TheoryData<string> RetryAfters => ["", "0", "Mon, 01 Jan 2024 00:00:00 GMT", "1700000000", "1700000000000", "a while", "-5", "86400", "Fri, 31 Dec 2100 00:00:00 GMT", "4133894400"];

    [Theory]
    [MemberData(nameof(RetryAfters))]
    public async Task Retry_After_is_read_in_every_form_and_capped(string retryAfter)
    {
        var answer = new StatusAnswer(202, retryAfter.Length == 0 ? null : retryAfter);
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { Statuses = [answer, answer] });
        await using var fetching = new Fetching(server.BaseUrl);
        fetching.Options = fetching.Options with { LongestWait = TimeSpan.FromMilliseconds(50) };

        var outcome = await fetching.RunAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.True(outcome.IsBulk);
        Assert.Equal(3, server.Requests.Count(request => request is { Method: "GET" } && request.Path.Contains("/jobs/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Progress_is_shown()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { Statuses = [new(202, "0", "42 % done")] });
        await using var fetching = new Fetching(server.BaseUrl);

        await fetching.RunAsync();

        Assert.Contains(fetching.Progress, progress => progress is { Phase: ExportPhase.Preparing, Said: "42 % done" });
        Assert.Contains(fetching.Progress, progress => progress is { Phase: ExportPhase.Downloading, Done: 3, Total: 3 });
    }

    [Fact]
    public async Task A_storm_of_errors_is_waited_out()
    {
        var storm = Enumerable.Range(0, 12).Select(i => new StatusAnswer(i % 3 == 0 ? 429 : i % 3 == 1 ? 503 : 504, "0"));
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { Statuses = [.. storm, new(202, "0")] });
        await using var fetching = new Fetching(server.BaseUrl);

        Assert.True((await fetching.RunAsync()).IsBulk);
    }

    [Fact]
    public async Task An_export_that_failed_is_an_error_with_the_servers_words()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { Statuses = [.. Enumerable.Repeat(new StatusAnswer(500), 40)] });
        await using var fetching = new Fetching(server.BaseUrl);

        var error = await Assert.ThrowsAsync<FhirServerException>(() => fetching.RunAsync());

        Assert.Contains("500 (", error.Message);
        Assert.Contains("not now", error.Message);
    }

    [Fact]
    public async Task A_lost_job_is_begun_anew_once_and_then_an_error()
    {
        await using var once = await BulkServer.StartAsync(Population.Of(1), new() { LosesJobs = 1 });
        await using var fetching = new Fetching(once.BaseUrl);
        Assert.Contains((await fetching.RunAsync()).Notes, note => note.Contains("lost the export", StringComparison.Ordinal));

        await using var always = await BulkServer.StartAsync(Population.Of(1), new() { LosesJobs = 9 });
        await using var failing = new Fetching(always.BaseUrl);
        var error = await Assert.ThrowsAsync<FhirServerException>(() => failing.RunAsync());
        Assert.Contains("lost the export again", error.Message);
        Assert.Equal(2, always.KickOffs.Count);
    }

    [Theory]
    [InlineData(202, false)]
    [InlineData(404, false)]
    [InlineData(403, true)]
    public async Task The_job_is_deleted_at_the_end(int status, bool isNamed)
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { DeleteStatus = status });
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.Single(server.Requests, request => request.Method == "DELETE");
        Assert.Equal(isNamed, outcome.Notes.Any(note => note.Contains("could not be deleted", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_job_is_deleted_unless_it_is_to_be_kept(bool keep)
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { Statuses = [.. Enumerable.Repeat(new StatusAnswer(202, "1"), 1000)] });
        await using var fetching = new Fetching(server.BaseUrl);
        fetching.Options = fetching.Options with { KeepJobOnCancel = keep };
        using var stop = new CancellationTokenSource();
        var run = fetching.RunAsync(stop.Token);
        while (!fetching.Progress.Any(progress => progress.Phase == ExportPhase.Preparing))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(keep ? 1 : 0, server.OpenJobs);

        server.Options = server.Options with { Statuses = [] };
        Assert.True((await fetching.ResumeAsync()).IsBulk);
        Assert.Equal(keep ? 1 : 2, server.KickOffs.Count);
    }

    [Fact]
    public async Task One_export_at_a_time_is_made_at_a_server()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { Statuses = [new(202, "0"), new(202, "0"), new(202, "0")] });
        var most = 0;
        server.BeforeFile = _ =>
        {
            most = Math.Max(most, server.OpenJobs);
            return Task.CompletedTask;
        };
        await using var first = new Fetching(server.BaseUrl);
        await using var second = new Fetching(server.BaseUrl);

        await Task.WhenAll(first.RunAsync(), second.RunAsync());

        Assert.Equal(1, most);
    }
}
