using FhirMg.Service.Sessions;
using FhirMg.Service.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Launch;

/// <summary>Two instances of the service behind one address, on one PostgreSQL.</summary>
public sealed class InstancesTests
{
    private const string Address = "https://mg.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_finishes_what_the_other_began_and_a_token_is_renewed_by_one_of_them()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var server = await OddServer.StartAsync();
        var time = new ShiftedTime();
        var settings = new Dictionary<string, string?>(database.Settings, StringComparer.Ordinal)
        {
            ["PublicUrl"] = Address,
            ["Servers:0:BaseUrl"] = server.Base,
            ["Servers:0:ClientId"] = "fhirmg",
            ["Servers:0:Deadline"] = "00:01:00",
        };
        await using var one = await RunningService.StartAsync(settings, time: time);
        await using var other = await RunningService.StartAsync(settings, time: time);
        using var browser = new Browser();

        // A balancer that sends every request to the other instance than the one before.
        var turn = 0;
        browser.Route = url => url.Host != "mg.example" ? url : new(turn++ % 2 == 0 ? one.Url : other.Url, url.PathAndQuery);

        var (page, _) = await browser.FollowAsync(new($"{Address}{LaunchPaths.Launch}?iss={Uri.EscapeDataString(server.Base)}&launch=xyz"), "/app/");

        var handle = LaunchedHospital.HandleOf(page);
        Assert.Equal(2, turn);
        var session = await browser.SessionAsync(one, handle, new(Address));
        Assert.Equal("p1", session!.Patient);
        Assert.Equal(session, await browser.SessionAsync(other, handle, new(Address)));

        var (first, second) = (one.Services.GetRequiredService<AppSessions>(), other.Services.GetRequiredService<AppSessions>());
        var before = await first.TokenAsync(session, Cancellation);
        time.Shift = TimeSpan.FromMinutes(59.5);
        var tokens = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => i % 2 == 0 ? first.TokenAsync(session, Cancellation) : second.RenewAsync(session, before, Cancellation)));
        Assert.All(tokens, token => Assert.True(token.Is(tokens[0]) && !token.Is(before)));
        Assert.Single(server.TokenRequests, request => request["grant_type"] == "refresh_token");
        Assert.False(server.SawReplay);
    }
}
