using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Service.Hooks.Callers;
using FhirMg.Service.Store;
using FhirMg.Service.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Two instances on one PostgreSQL behave as one to those who call CDS services.</summary>
public sealed class TwoInstancesTests
{
    private const string Mild = "adult-mild-with-migraine";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_used_at_one_is_refused_by_the_other_also_at_the_same_moment()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var ehr = await Ehr.StartAsync();
        await using var first = await StartAsync(database, ehr);
        await using var second = await StartAsync(database, ehr);

        // The first use of a store may take longer than the service waits for it.
        foreach (var service in new[] { first, second })
        {
            Assert.Contains((await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Status, (int[])[200, 503]);
        }

        var token = ehr.Token();
        Assert.Equal(200, (await Call.Of(Mild).SendAsync(first, token: token)).Status);
        Assert.Equal("jti was used before", (await Call.Of(Mild).SendAsync(second, token: token)).Diagnostics);
        for (var round = 0; round < 5; round++)
        {
            token = ehr.Token();
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Call.Of(Mild).SendAsync(i % 2 == 0 ? first : second, token: token)));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal((401, "jti was used before"), (answer.Status, answer.Diagnostics)));
        }
    }

    [Fact]
    public async Task Keys_that_one_has_fetched_the_other_knows_while_the_client_is_away()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var ehr = await Ehr.StartAsync();
        await using var first = await StartAsync(database, ehr);
        await using var second = await StartAsync(database, ehr);
        ehr.IsAway = true;
        Assert.Equal((401, "kid is none of the client's keys"), await RefusedAsync(second));

        ehr.IsAway = false;
        Assert.Equal(200, (await Call.Of(Mild).SendAsync(first, token: ehr.Token())).Status);
        await using (var store = await StoreAsync(first))
        {
            await UntilAsync(async () => await store.Set<KnownKeySet>().AnyAsync(Cancellation), "the keys are not in the store");
        }

        ehr.IsAway = true;
        var time = new SampleTime();
        await using var third = await StartAsync(database, ehr, time);
        Assert.Equal(200, (await Call.Of(Mild).SendAsync(third, token: ehr.Token())).Status);

        // A key that nobody has seen is none of the client's, wherever it is shown.
        ehr.Rotate();
        (time.Moved, var fetched) = (TimeSpan.FromMinutes(1), ehr.KeysFetched);
        Assert.Equal((401, "kid is none of the client's keys"), await RefusedAsync(third));
        Assert.Equal(fetched + 1, ehr.KeysFetched);

        async Task<(int, string?)> RefusedAsync(RunningService service)
        {
            var answer = await Call.Of(Mild).SendAsync(service, token: ehr.Token());
            return (answer.Status, answer.Diagnostics);
        }
    }

    [Fact]
    public async Task Feedback_to_one_is_in_the_summary_of_the_other_and_silences_there_too()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var first = await StartAsync(database);
        await using var second = await StartAsync(database);
        var therapy = (await Call.Of(Mild).SendAsync(first)).Cards[0];
        Assert.Contains("therapy", (await Call.Of(Mild).SendAsync(second)).Topics);
        await FeedBackAsync(first, new JsonObject { ["card"] = (string?)therapy["uuid"], ["outcome"] = "overridden" });

        await UntilAsync(async () => !(await Call.Of(Mild).SendAsync(second)).Topics.Contains("therapy"), "the other instance goes on showing what was overridden");

        // The first has counted what it showed, the second what it did: each adds its own when it is asked.
        await UntilAsync(async () =>
        {
            await SummaryAsync(first);
            var rule = await SummaryAsync(second);
            return (int)rule["overridden"]! == 1 && (int)rule["shown"]! >= 2 && rule.ToJsonString() == (await SummaryAsync(first)).ToJsonString();
        }, "the summaries do not become the same");
    }

    internal static async Task FeedBackAsync(RunningService service, JsonObject entry)
    {
        using var content = new StringContent(new JsonObject { ["feedback"] = new JsonArray(entry) }.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await service.Http.PostAsync(new Uri($"cds-services/{Call.PatientView}/feedback", UriKind.Relative), content, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<JsonNode> SummaryAsync(RunningService service)
    {
        using var response = await service.Http.GetAsync(new Uri($"cds-services/{Call.PatientView}/feedback/summary", UriKind.Relative), Cancellation);
        return (await CallAnswer.ReadAsync(response)).Body["rules"]!.AsArray().Single(one => (string?)one!["rule"] == "RX-1")!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string otherwise)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, otherwise);
            await Task.Delay(200, Cancellation);
        }
    }

    private static Task<ServiceStore> StoreAsync(RunningService service) => service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);

    private static Task<RunningService> StartAsync(PostgresDatabase database, Ehr? ehr = null, TimeProvider? time = null) => CardTests.StartAsync(settings =>
    {
        foreach (var (key, value) in database.Settings.Where(setting => setting.Key.StartsWith("Store:", StringComparison.Ordinal)))
        {
            settings[key] = value;
        }

        ehr?.Settings(settings);
    }, time: time);
}
