using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FhirMg.Service.Screenings;
using FhirMg.Service.Store;
using FhirMg.Simulators;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Screenings;

/// <summary><c>/screenings</c> over real HTTP, against a simulated server of Bulk Data.</summary>
public sealed class ScreeningsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("screenings-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_screening_runs_to_its_results()
    {
        await using var server = await BulkServer.StartAsync(Population(3));
        await using var service = await StartAsync(server);

        var started = await service.Http.PostAsJsonAsync("/screenings", new { server = "hospital", all = true }, Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var own = started.Headers.Location!.ToString();
        var done = await EndAsync(service, own);
        Assert.Equal("done", (string?)done["state"]);
        Assert.Equal(3, (int?)done["patients"]);
        var results = done["results"]!.AsArray().Select(name => (string)name!).ToList();
        Assert.Contains("reports.ndjson", results);
        Assert.Contains("summary.html", results);
        var reports = await service.Http.GetStringAsync(At($"{own}/results/reports.ndjson"), Cancellation);
        Assert.Equal(3, reports.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"mild\"", reports);
        Assert.Equal(0, server.OpenJobs);
        Assert.False(Directory.Exists(Path.Combine(_folder, "jobs", (string)done["id"]!, "export")), "the fetched data of patients are still there");
        Assert.DoesNotMatch(@"\bp[1-3]\b", service.Log.Text);
    }

    [Fact]
    public async Task What_is_no_screenings_of_this_store_is_swept_away_only_where_it_has_the_form_of_one()
    {
        var jobs = Path.Combine(_folder, "jobs");
        var (gone, named, foreign) = (Path.Combine(jobs, new string('a', 32)), Path.Combine(jobs, "holiday"), Path.Combine(jobs, new string('b', 32)));
        Directory.CreateDirectory(Path.Combine(gone, "results"));
        Directory.CreateDirectory(named);
        Directory.CreateDirectory(foreign);
        await File.WriteAllTextAsync(Path.Combine(foreign, "photo.jpg"), "x", Cancellation);
        await using var server = await BulkServer.StartAsync([]);
        await using var service = await StartAsync(server);
        for (var until = TimeProvider.System.GetUtcNow().AddMinutes(1); Directory.Exists(gone); await Task.Delay(100, Cancellation))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "nothing was swept");
        }

        Assert.True(Directory.Exists(named));
        Assert.True(File.Exists(Path.Combine(foreign, "photo.jpg")));
    }

    [Theory]
    [InlineData("""{"all":true}""", "server")]
    [InlineData("""{"server":"elsewhere","all":true}""", "hospital")]
    [InlineData("""{"server":"hospital"}""", "exactly one of")]
    [InlineData("""{"server":"hospital","group":"g","all":true}""", "exactly one of")]
    [InlineData("""{"server":"hospital","group":"../../etc"}""", "group")]
    [InlineData("""{"server":"hospital","all":true,"lang":"xx"}""", "lang")]
    [InlineData("{", "must be a JSON object")]
    public async Task A_wrong_request_is_refused_with_the_reason(string body, string reason)
    {
        await using var server = await BulkServer.StartAsync([]);
        await using var service = await StartAsync(server);

        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        var response = await service.Http.PostAsync(At("/screenings"), content, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Without_an_authority_nobody_may_outside_of_Development()
    {
        await using var server = await BulkServer.StartAsync([]);
        await using var service = await StartAsync(server, environment: "Production");

        foreach (var path in new[] { "/screenings", "/screenings/x", "/screenings/x/events", "/screenings/x/results/reports.ndjson" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await service.Http.GetAsync(At(path), Cancellation)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Http.PostAsJsonAsync("/screenings", new { server = "hospital", all = true }, Cancellation)).StatusCode);
        Assert.Empty(server.KickOffs);
    }

    [Fact]
    public async Task A_form_of_another_site_starts_nothing_and_results_are_no_paths()
    {
        await using var server = await BulkServer.StartAsync(Population(1));
        await using var service = await StartAsync(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/screenings") { Content = new FormUrlEncodedContent([new("server", "hospital")]) };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Http.SendAsync(request, Cancellation)).StatusCode);

        var own = (await service.Http.PostAsJsonAsync("/screenings", new { server = "hospital", all = true }, Cancellation)).Headers.Location!.ToString();
        await EndAsync(service, own);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync(At($"{own}/results/..%2F..%2Fstore.db"), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync(At("/screenings/nobody"), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_cancelled_screening_ends_and_its_job_is_deleted_at_the_server()
    {
        await using var server = await BulkServer.StartAsync(Population(1), new() { Statuses = [.. Enumerable.Repeat(new StatusAnswer(202, "1", "10 %"), 1000)] });
        await using var service = await StartAsync(server);
        var own = (await service.Http.PostAsJsonAsync("/screenings", new { server = "hospital", group = "g1" }, Cancellation)).Headers.Location!.ToString();
        await UntilAsync(service, own, view => (string?)view["phase"] == "preparing");

        Assert.Equal(HttpStatusCode.Accepted, (await service.Http.DeleteAsync(At(own), Cancellation)).StatusCode);

        Assert.Equal("cancelled", (string?)(await EndAsync(service, own))["state"]);
        Assert.Equal(0, server.OpenJobs);
    }

    [Fact]
    public async Task A_screening_goes_on_after_a_restart_with_the_same_job()
    {
        await using var server = await BulkServer.StartAsync(Population(2), new() { Statuses = [.. Enumerable.Repeat(new StatusAnswer(202, "1"), 1000)] });
        string own;
        await using (var service = await StartAsync(server))
        {
            own = (await service.Http.PostAsJsonAsync("/screenings", new { server = "hospital", all = true }, Cancellation)).Headers.Location!.ToString();
            await UntilAsync(service, own, view => (string?)view["phase"] == "preparing");
        }

        server.Options = server.Options with { Statuses = [] };
        await using var restarted = await StartAsync(server);

        Assert.Equal("done", (string?)(await EndAsync(restarted, own))["state"]);
        Assert.Single(server.KickOffs);
    }

    [Fact]
    public async Task Of_two_instances_one_takes_a_job_and_an_instance_that_dies_lets_go_of_it()
    {
        await using var server = await BulkServer.StartAsync([]);
        var clock = new Clock();
        await using var service = await StartAsync(server, settings: [new("Screenings:Directory", Path.Combine(_folder, "other"))]);
        var jobs = new ScreeningJobs(service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>(), clock);
        await Task.WhenAll(service.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<ScreeningWorker>().Select(worker => worker.StopAsync(Cancellation)));
        foreach (var id in new[] { "first", "second" })
        {
            await jobs.AddAsync(new() { Id = id, At = clock.GetUtcNow(), Server = "hospital", Language = "en" }, Cancellation);
            clock.Now += TimeSpan.FromSeconds(1);
        }

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => jobs.TakeAsync($"instance {i}", Cancellation)));

        var first = Assert.Single(taken, job => job is not null)!;
        Assert.Equal("first", first.Id);
        clock.Now += ScreeningJobs.Lease / 2;
        Assert.True((await jobs.TellAsync(first, first.Owner!, Cancellation)).IsOurs);
        clock.Now += ScreeningJobs.Lease / 2;
        Assert.Null(await jobs.TakeAsync("late", Cancellation));
        clock.Now += ScreeningJobs.Lease;
        Assert.Equal("first", (await jobs.TakeAsync("late", Cancellation))!.Id);
        Assert.False((await jobs.TellAsync(first, first.Owner!, Cancellation)).IsOurs);
        (first.State, first.Phase) = (ScreeningState.Done, "done");
        await jobs.EndAsync(first, "late");
        Assert.Equal("second", (await jobs.TakeAsync("late", Cancellation))!.Id);
    }

    [Fact]
    public async Task Progress_comes_as_events_until_the_end()
    {
        await using var server = await BulkServer.StartAsync(Population(1), new() { Statuses = [.. Enumerable.Repeat(new StatusAnswer(202, "1", "half"), 3)] });
        await using var service = await StartAsync(server);
        var own = (await service.Http.PostAsJsonAsync("/screenings", new { server = "hospital", all = true }, Cancellation)).Headers.Location!.ToString();

        using var response = await service.Http.GetAsync(At($"{own}/events"), HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = (await response.Content.ReadAsStringAsync(Cancellation)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("event: progress", events[0], StringComparison.Ordinal);
        Assert.StartsWith("event: end", events[^1], StringComparison.Ordinal);
        Assert.Contains("\"state\":\"done\"", events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_have_no_script_of_their_own_and_refresh_without_any()
    {
        await using var server = await BulkServer.StartAsync([], new() { Statuses = [.. Enumerable.Repeat(new StatusAnswer(202, "1", "<b>10 %</b>"), 1000)] });
        await using var service = await StartAsync(server);
        service.Http.DefaultRequestHeaders.Accept.Add(new("text/html"));
        using var form = new FormUrlEncodedContent([new("server", "hospital"), new("group", "")]);
        var page = await service.Http.PostAsync(At("/screenings"), form, Cancellation);
        var own = page.RequestMessage!.RequestUri!.AbsolutePath;
        service.Http.DefaultRequestHeaders.Accept.Clear();
        await UntilAsync(service, own, view => view["said"] is not null);
        service.Http.DefaultRequestHeaders.Accept.Add(new("text/html"));
        var html = await service.Http.GetStringAsync(At(own), Cancellation);

        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("<noscript><meta http-equiv=\"refresh\"", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;10 %", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>10", html, StringComparison.Ordinal);
        Assert.Contains("Cancel", html, StringComparison.Ordinal);
        Assert.Contains("hospital", await service.Http.GetStringAsync(At("/screenings"), Cancellation), StringComparison.Ordinal);
        Assert.Equal("text/javascript", (await service.Http.GetAsync(At("/screenings/assets/screening.js"), Cancellation)).Content.Headers.ContentType!.MediaType);
    }

    private Task<RunningService> StartAsync(BulkServer server, string environment = "Development", params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Servers:0:Name"] = "hospital",
            ["Servers:0:BaseUrl"] = server.BaseUrl.AbsoluteUri,
            ["PublicUrl"] = "http://127.0.0.1",
            ["Screenings:Directory"] = Path.Combine(_folder, "jobs"),
            ["Store:ConnectionString"] = $"Data Source={Path.Combine(_folder, "store.db")}",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return RunningService.StartAsync(all, environment);
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    private static Task<JsonNode> EndAsync(RunningService service, string own) =>
        UntilAsync(service, own, view => (string?)view["state"] is "done" or "failed" or "cancelled");

    private static async Task<JsonNode> UntilAsync(RunningService service, string own, Func<JsonNode, bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var view = (await service.Http.GetFromJsonAsync<JsonNode>(own, patience.Token))!;
            if (holds(view))
            {
                return view;
            }

            await Task.Delay(100, patience.Token);
        }
    }

    private static IEnumerable<JsonObject> Population(int patients) => Enumerable.Range(1, patients).SelectMany(number => new[]
    {
        new JsonObject { ["resourceType"] = "Patient", ["id"] = $"p{number}", ["birthDate"] = "1980-05-05" },
        new JsonObject
        {
            ["resourceType"] = "Observation",
            ["id"] = $"o{number}",
            ["status"] = "final",
            ["effectiveDateTime"] = $"{TimeProvider.System.GetUtcNow().AddDays(-3):yyyy-MM-dd}",
            ["subject"] = new JsonObject { ["reference"] = $"Patient/p{number}" },
            ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://loinc.org", ["code"] = "2601-3" }) },
            ["valueQuantity"] = new JsonObject { ["value"] = 0.61, ["system"] = "http://unitsofmeasure.org", ["code"] = "mmol/L" },
        },
    });

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
