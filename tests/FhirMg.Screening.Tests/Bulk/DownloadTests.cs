using FhirMg.Fhir.Servers;
using FhirMg.Screening.Bulk;
using FhirMg.Simulators;

namespace FhirMg.Screening.Tests.Bulk;

/// <summary>Files: token and storage, gzip, breaks and truncation, expired links, thousands of tiny ones, deleted and error files, resume.</summary>
public class DownloadTests
{
    private static readonly Func<FhirServerOptions, FhirServerOptions> WithToken =
        options => options with { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer secret", ["X-Key"] = "gateway" } };

    [Theory]
    [InlineData(FilePlace.Storage)]
    [InlineData(FilePlace.RedirectedToStorage)]
    public async Task A_storage_elsewhere_gets_neither_token_nor_headers(FilePlace place)
    {
        var resources = Population.Of(2);
        await using var server = await BulkServer.StartAsync(resources, new() { Place = place, Token = "secret", RequiresAccessToken = place == FilePlace.RedirectedToStorage });
        await using var fetching = new Fetching(server.BaseUrl, WithToken);

        await fetching.RunAsync();

        Assert.Equal(Population.Names(resources), fetching.Names());
        Assert.NotEmpty(server.StorageRequests);
        Assert.All(server.StorageRequests, request => Assert.True(request is { Authorization: null, Key: null }));
    }

    [Fact]
    public async Task Files_that_want_the_token_get_it()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(2), new() { Token = "secret", RequiresAccessToken = true });
        await using var fetching = new Fetching(server.BaseUrl, WithToken);

        await fetching.RunAsync();

        Assert.NotEmpty(server.Downloads);
        Assert.All(server.Downloads, download => Assert.Equal("Bearer secret", download.Authorization));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_whose_connection_broke_goes_on_where_it_was(bool gzip)
    {
        var resources = Population.Of(200);
        await using var server = await BulkServer.StartAsync(resources, new() { Faults = [FileFault.ResetInMiddle, FileFault.Busy], Gzip = gzip });
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.Equal(Population.Names(resources), fetching.Names());
        Assert.Contains(server.Downloads, download => download.Range is not null);
        Assert.Empty(outcome.Problems);
        Assert.All(Directory.GetFiles(outcome.Directory), path => Assert.Equal(gzip, path.EndsWith(".gz", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_file_that_sends_nothing_more_is_asked_for_again_from_where_it_was()
    {
        var resources = Population.Of(200);
        await using var server = await BulkServer.StartAsync(resources, new() { Faults = [FileFault.Stall, FileFault.Stall], FaultyType = "Observation" });
        await using var fetching = new Fetching(server.BaseUrl);
        fetching.Options = fetching.Options with { IdleAfter = TimeSpan.FromSeconds(1) };

        var outcome = await fetching.RunAsync();

        Assert.Equal(Population.Names(resources), fetching.Names());
        Assert.Equal(2, server.Downloads.Count(download => download.Range is not null));
        Assert.Empty(outcome.Problems);
    }

    [Fact]
    public async Task The_files_of_all_pages_of_a_manifest_are_fetched_once_each()
    {
        var resources = Population.Of(10);
        await using var server = await BulkServer.StartAsync(resources, new() { LinesOfFile = 3, FilesOfPage = 5, Deleted = ["Observation/o1"] });
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.Equal(Population.Names(resources).Except(["Observation/o1"]), fetching.Names());
        Assert.Equal(["?page=1", "?page=2"], server.Requests.Where(request => request.Query.StartsWith("?page", StringComparison.Ordinal)).Select(request => request.Query));
        Assert.Equal(13, server.Downloads.Count);
        Assert.Equal(1, outcome.Deleted);
    }

    [Fact]
    public async Task A_server_that_knows_no_parts_sends_the_file_again()
    {
        var resources = Population.Of(200);
        await using var server = await BulkServer.StartAsync(resources, new() { Faults = [FileFault.ResetInMiddle, FileFault.ResetInMiddle], Ranges = false });
        await using var fetching = new Fetching(server.BaseUrl);

        await fetching.RunAsync();

        Assert.Equal(Population.Names(resources), fetching.Names());
    }

    [Fact]
    public async Task A_file_that_comes_short_is_fetched_again_and_named_when_it_stays_short()
    {
        var resources = Population.Of(5);
        await using var once = await BulkServer.StartAsync(resources, new() { Faults = [FileFault.Short] });
        await using var fetching = new Fetching(once.BaseUrl);
        Assert.Empty((await fetching.RunAsync()).Problems);
        Assert.Equal(Population.Names(resources), fetching.Names());

        await using var always = await BulkServer.StartAsync(resources, new() { Faults = [FileFault.Short, FileFault.Short] });
        await using var failing = new Fetching(always.BaseUrl);
        Assert.Contains((await failing.RunAsync()).Problems, problem => problem.Contains("holds 4 resources, and the server announced 5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_in_page_is_no_file()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { Faults = [FileFault.LoginPage], FaultyType = "Observation" });
        await using var fetching = new Fetching(server.BaseUrl);

        var error = await Assert.ThrowsAsync<FhirServerException>(() => fetching.RunAsync());
        Assert.Contains("log-in page", error.Message);

        // The others that were fetched stand, and the page is not among them.
        Assert.True((await fetching.ResumeAsync()).IsBulk);
        Assert.Equal(Population.Names(Population.Of(1)), fetching.Names());
    }

    [Fact]
    public async Task Expired_links_are_renewed_by_asking_for_the_status_again()
    {
        var resources = Population.Of(20);
        await using var server = await BulkServer.StartAsync(resources, new() { LinesOfFile = 5, LinkLivesFor = 6 });
        await using var fetching = new Fetching(server.BaseUrl, options => options with { MaxConcurrency = 2 });

        await fetching.RunAsync();

        Assert.Equal(Population.Names(resources), fetching.Names());
        Assert.Single(server.KickOffs);
    }

    [Fact]
    public async Task Links_that_never_work_are_an_error_that_says_what_to_do()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { LinkLivesFor = 0 });
        await using var fetching = new Fetching(server.BaseUrl);

        var error = await Assert.ThrowsAsync<FhirServerException>(() => fetching.RunAsync());

        Assert.Contains("--export-base", error.Message);
    }

    [Fact]
    public async Task Thousands_of_tiny_files_are_fetched_within_the_servers_limit()
    {
        var resources = Population.Of(1000);
        await using var server = await BulkServer.StartAsync(resources, new() { LinesOfFile = 1, FileTakes = TimeSpan.FromMilliseconds(1) });
        await using var fetching = new Fetching(server.BaseUrl, options => options with { MaxConcurrency = 8 });

        var outcome = await fetching.RunAsync();

        Assert.Equal(3000, outcome.Files);
        Assert.Equal(Population.Names(resources), fetching.Names());
        Assert.InRange(server.MostInFlight, 2, 8);
    }

    [Fact]
    public async Task What_the_server_calls_deleted_does_not_count_and_its_errors_are_told()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(2), new() { Deleted = ["Observation/o1"], Errors = ["ward 7 is not indexed", "ward 7 is not indexed"], Gzip = true });
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.DoesNotContain("Observation/o1", fetching.Names());
        Assert.Contains("Observation/o2", fetching.Names());
        Assert.Equal(1, outcome.Deleted);
        var problem = Assert.Single(outcome.Problems);
        Assert.Contains("ward 7 is not indexed", problem);
        Assert.Contains("2 times", problem);
    }

    [Fact]
    public async Task A_run_that_broke_off_fetches_no_finished_file_again()
    {
        var resources = Population.Of(30);
        await using var server = await BulkServer.StartAsync(resources, new() { LinesOfFile = 3 });
        // One at a time, so that what was whole when it broke off is known.
        await using var fetching = new Fetching(server.BaseUrl, options => options with { MaxConcurrency = 1 });
        fetching.Options = fetching.Options with { KeepJobOnCancel = true };
        using var crash = new CancellationTokenSource();
        server.BeforeFile = number => number == 12 ? crash.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching.RunAsync(crash.Token));
        var whole = Directory.GetFiles(Path.Combine(fetching.Options.Directory, "files")).Length;
        var before = server.Downloads.Count;
        server.BeforeFile = null;

        await fetching.ResumeAsync();

        Assert.Equal(11, whole);
        Assert.Equal(30 - whole, server.Downloads.Count - before);
        Assert.Single(server.KickOffs);
        Assert.Equal(Population.Names(resources), fetching.Names());
        Assert.Equal(0, server.OpenJobs);

        // And a third run, for example after a crash of the evaluation, asks the server nothing.
        var requests = server.Requests.Count;
        await fetching.ResumeAsync();
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task A_directory_of_another_export_is_not_resumed()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1));
        await using var fetching = new Fetching(server.BaseUrl);
        await fetching.RunAsync();
        fetching.Options = fetching.Options with { Group = "other" };

        await Assert.ThrowsAsync<ScreeningException>(() => fetching.ResumeAsync());
    }

    [Fact]
    public async Task Files_are_for_nobody_else_to_read()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1));
        await using var fetching = new Fetching(server.BaseUrl);
        await fetching.RunAsync();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(fetching.Options.Directory));
        }

        ServerPopulation.Remove(fetching.Options.Directory);
        Assert.False(Directory.Exists(fetching.Options.Directory));
    }
}
