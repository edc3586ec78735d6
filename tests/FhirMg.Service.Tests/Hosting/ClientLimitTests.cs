using System.Net.Http.Headers;
using FhirMg.Service.Tests.Hooks;
using FhirMg.Service.Tests.Operations;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>How much each client may ask, and who shows what is refused.</summary>
public sealed class ClientLimitTests
{
    private const string Mild = "adult-mild-with-migraine";
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/fhir");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_behind_one_address_have_a_limit_each()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var other = await Ehr.StartAsync();
        await using var service = await CardTests.StartAsync(settings =>
        {
            ehr.Settings(settings);
            settings["Servers:0:CdsClients:1:Issuer"] = "https://other.example.org";
            settings["Servers:0:CdsClients:1:JwksUri"] = other.JwksUri.AbsoluteUri;
            settings["Limits:RequestsPerSecond"] = "1";
        });
        var answer = await UntilLimitedAsync(() => Call.Of(Mild).SendAsync(service, token: ehr.Token()), expected: 200);
        Assert.Equal("throttled", (string?)answer.Body["issue"]![0]!["code"]);
        Assert.NotNull(answer.Headers.RetryAfter);
        var claims = other.Claims();
        claims["iss"] = "https://other.example.org";
        Assert.Equal(200, (await Call.Of(Mild).SendAsync(service, token: other.Sign(claims))).Status);
    }

    [Fact]
    public async Task Who_shows_too_much_that_is_refused_is_turned_away_before_it_is_looked_at()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await CardTests.StartAsync(settings =>
        {
            ehr.Settings(settings);
            settings["Limits:RequestsPerSecond"] = "2";
        });
        await UntilLimitedAsync(() => Call.Of(Mild).SendAsync(service, token: "x"), expected: 401);
        Assert.Equal(429, (await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Status);
        Assert.Equal(0, ehr.KeysFetched);
    }

    [Fact]
    public async Task Bearers_of_bad_tokens_are_limited_at_the_api_and_good_ones_by_their_client()
    {
        await using var authority = await Authority.StartAsync();
        var settings = authority.Settings(RunningService.Serving(Nowhere));
        settings["Servers:0:AllowUnauthenticatedCds"] = "false";
        settings["PublicUrl"] = "https://fhirmg.example.org";
        settings["Limits:RequestsPerSecond"] = "2";
        await using var service = await RunningService.StartAsync(settings, "Production");
        await UntilLimitedAsync(() => GetAsync(service, authority.Token()), expected: 200);
        await UntilLimitedAsync(() => GetAsync(service, "x"), expected: 401);
    }

    [Theory]
    [InlineData("/cds-services")]
    [InlineData("/fhir/metadata")]
    [InlineData("/fhir/PlanDefinition/magnesium-migraine")]
    public async Task A_token_that_nobody_asks_for_gets_round_no_limit(string path)
    {
        var settings = RunningService.Serving(Nowhere);
        settings["Limits:RequestsPerSecond"] = "2";
        await using var service = await RunningService.StartAsync(settings);
        await UntilLimitedAsync(() => GetAsync(service, "x", path), expected: 200);
    }

    private static async Task<CallAnswer> GetAsync(RunningService service, string token, string path = "/fhir/PlanDefinition/magnesium-migraine")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await service.Http.SendAsync(request, Cancellation);
        return await CallAnswer.ReadAsync(response);
    }

    private static async Task<CallAnswer> UntilLimitedAsync(Func<Task<CallAnswer>> call, int expected)
    {
        for (var calls = 0; calls < 200; calls++)
        {
            var answer = await call();
            if (answer.Status == 429)
            {
                Assert.InRange(calls, 1, 200);
                return answer;
            }

            Assert.Equal(expected, answer.Status);
        }

        Assert.Fail("nothing was refused");
        throw new InvalidOperationException();
    }
}
