using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FhirMg.Service.Access;
using FhirMg.Service.Store;
using FhirMg.Service.Tests.Hooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>A store that is away for a while, as when it is restarted, and values that it does not take.</summary>
public sealed class StoreAwayTests
{
    private const string Mild = "adult-mild-with-migraine";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_service_lives_on_without_its_store_and_loses_nothing()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        var direct = new NpgsqlConnectionStringBuilder(database.Settings["Store:ConnectionString"]);
        await using var wire = new Wire(direct.Host!, direct.Port);
        await using var ehr = await Ehr.StartAsync();
        await using var service = await CardTests.StartAsync(settings =>
        {
            settings["Store:Provider"] = "postgres";
            settings["Store:ConnectionString"] = new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Host = "127.0.0.1", Port = wire.Port }.ConnectionString;
            ehr.Settings(settings);
            settings["Servers:0:AllowUnauthenticatedCds"] = "true";
        });
        var card = (string?)(await Call.Of(Mild).SendAsync(service)).Cards[0]["uuid"];
        var lifetime = service.Services.GetRequiredService<IHostApplicationLifetime>();

        wire.Cut();
        Assert.NotEmpty((await Call.Of(Mild).SendAsync(service)).Cards);
        var refused = await Call.Of(Mild).SendAsync(service, token: ehr.Token());
        Assert.Equal(503, refused.Status);
        using var feedback = await FeedBackAsync(service, card);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, feedback.StatusCode);
        Assert.NotNull(feedback.Headers.RetryAfter);
        Assert.Contains("the store cannot be used just now", await feedback.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        // Everything that looks at the store by itself has done so meanwhile.
        await UntilAsync(() => Task.FromResult(service.Log.Text.Contains("Overridden cards could not be read", StringComparison.Ordinal)));
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested, service.Log.Text);

        wire.Mend();
        await UntilAsync(async () => (await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Status == 200);
        using var again = await FeedBackAsync(service, card);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await UntilAsync(async () =>
        {
            var summary = (await service.Http.GetFromJsonAsync<JsonObject>("/cds-services/magnesium-migraine-patient-view/feedback/summary", Cancellation))!;
            return summary["rules"]!.AsArray().Max(rule => (int)rule!["shown"]!) >= 3;
        });
        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task One_row_that_the_store_does_not_take_takes_no_other_with_it()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var service = await RunningService.StartAsync(database.Settings);
        var log = service.Services.GetRequiredService<AccessLog>();
        for (var i = 0; i < 21; i++)
        {
            log.Record(new() { At = SampleTime.AsOf, Operation = i == 13 ? "a\0b" : $"test {i}", Patient = "Patient/p1", Status = 200 });
        }

        var rows = 0;
        await UntilAsync(async () =>
        {
            await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
            rows = await store.Set<AccessEntry>().CountAsync(entry => entry.Operation.StartsWith("test"), Cancellation);
            return rows == 20;
        });
        Assert.Contains("1 entries of the access log are lost", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_with_a_character_that_no_database_takes_is_kept_without_it()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var service = await CardTests.StartAsync(settings =>
        {
            settings["Store:Provider"] = "postgres";
            settings["Store:ConnectionString"] = database.Settings["Store:ConnectionString"];
        });
        var answer = await Call.Of(Mild).With(body => body["context"]!["userId"] = "Practitioner/\0p1").SendAsync(service);
        Assert.Equal(200, answer.Status);
        using var feedback = await service.Http.PostAsJsonAsync("/cds-services/magnesium-migraine-patient-view/feedback", new
        {
            feedback = new[] { new { card = (string?)answer.Cards[0]["uuid"], outcome = "overridden", overrideReason = new { reason = new { code = "a\0b", system = "s" }, userComment = "no\0t now" } } },
        }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, feedback.StatusCode);
        await UntilAsync(async () =>
        {
            await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
            return await store.Set<AccessEntry>().AnyAsync(entry => entry.User == "Practitioner/\uFFFDp1", Cancellation);
        });
    }

    private static Task<HttpResponseMessage> FeedBackAsync(RunningService service, string? card) =>
        service.Http.PostAsJsonAsync("/cds-services/magnesium-migraine-patient-view/feedback", new { feedback = new[] { new { card, outcome = "accepted" } } }, Cancellation);

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var until = TimeProvider.System.GetUtcNow() + Patience; !await holds(); await Task.Delay(200, Cancellation))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "it did not come in time");
        }
    }
}
