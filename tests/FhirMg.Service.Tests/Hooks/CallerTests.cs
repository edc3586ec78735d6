using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Who may call: every kind of bad token is refused, and said why.</summary>
public sealed class CallerTests
{
    [Fact]
    public async Task A_good_token_is_let_in_once_and_its_replay_is_not()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr);
        var token = ehr.Token();
        Assert.Equal(200, (await SendAsync(service, token)).Status);
        AssertRefused(await SendAsync(service, token), "jti was used before");
    }

    [Fact]
    public async Task Calls_that_come_while_the_keys_are_fetched_wait_for_them()
    {
        await using var ehr = await Ehr.StartAsync(TimeSpan.FromMilliseconds(300));
        await using var service = await StartAsync(ehr);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ehr.Token()).ToList().Select(token => SendAsync(service, token)));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(1, ehr.KeysFetched);
    }

    [Fact]
    public async Task A_client_in_a_browser_may_ask_before_it_calls()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr);
        using var request = new HttpRequestMessage(HttpMethod.Options, $"cds-services/{Call.PatientView}");
        request.Headers.Add("Origin", "https://ehr.example.org");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var response = await service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("POST", string.Join(',', response.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        Assert.Contains("Authorization", string.Join(',', response.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task No_token_is_refused_with_a_challenge()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr);
        AssertRefused(await SendAsync(service, null), "send a JWT");
        AssertRefused(await SendAsync(service, "garbage"), "no JWT");
    }

    [Fact]
    public async Task Each_kind_of_bad_token_is_refused_for_its_reason()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr);
        async Task RefusedAsync(string reason, string claim, object value)
        {
            var claims = ehr.Claims();
            claims[claim] = value;
            AssertRefused(await SendAsync(service, ehr.Sign(claims)), reason);
        }

        long Seconds(double fromNow) => SampleTime.AsOf.AddSeconds(fromNow).ToUnixTimeSeconds();
        await RefusedAsync("aud must be https://fhirmg.example.org/cds-services/", "aud", "https://fhirmg.example.org/cds-services");
        await RefusedAsync("aud must be", "aud", $"https://fhirmg.example.org/cds-services/{Call.OrderSign}");
        await RefusedAsync("iss is no client", "iss", "https://other.example.org");
        await RefusedAsync("expired", "exp", Seconds(-31));
        await RefusedAsync("at most 300 s ahead", "exp", Seconds(600));
        await RefusedAsync("iat lies in the future", "iat", Seconds(60));
        await RefusedAsync("not valid yet", "nbf", Seconds(60));
        await RefusedAsync("jti is missing", "jti", "");
        await RefusedAsync("no JWT", "exp", "soon");
        AssertRefused(await SendAsync(service, ehr.Sign(ehr.Claims(), keyId: "k9")), "kid is none");
        AssertRefused(await SendAsync(service, ehr.Sign(ehr.Claims(), jku: "https://evil.example.org/jwks")), "jku is not");
        AssertRefused(await SendAsync(service, ehr.Sign(ehr.Claims(), type: "at+jwt")), "typ must be JWT");
        AssertRefused(await SendAsync(service, ehr.Token()[..^4] + "AAAA"), "the signature does not fit");
        AssertRefused(await SendAsync(service, ehr.Sign(ehr.Claims(), with: new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(ehr.Jwks())) { KeyId = ehr.KeyId }, "HS256"))), "alg must be");
        using var weak = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        AssertRefused(await SendAsync(service, ehr.Sign(ehr.Claims(), with: new SigningCredentials(new ECDsaSecurityKey(weak) { KeyId = ehr.KeyId }, "ES256"))), "alg must be");
        var parts = ehr.Token().Split('.');
        var none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT","kid":"k1"}""");
        AssertRefused(await SendAsync(service, $"{none}.{parts[1]}."), "alg must be");
        Assert.Equal(200, (await SendAsync(service, ehr.Token())).Status);
        Assert.DoesNotContain(parts[1], service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audience_may_stand_among_others_and_be_set_by_the_tenant()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr);
        var claims = ehr.Claims();
        claims["aud"] = new[] { "https://other.example.org", (string)claims["aud"] };
        Assert.Equal(200, (await SendAsync(service, ehr.Sign(claims))).Status);
        await using var other = await StartAsync(ehr, settings => settings["Servers:0:CdsClients:0:Audience"] = "fhirmg");
        claims = ehr.Claims();
        claims["aud"] = "fhirmg";
        Assert.Equal(200, (await SendAsync(other, ehr.Sign(claims))).Status);
        AssertRefused(await SendAsync(other, ehr.Token()), "aud must be fhirmg");
    }

    [Fact]
    public async Task A_longer_life_is_a_setting()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr, settings => settings["Servers:0:CdsClients:0:MaxLifetime"] = "00:15:00");
        var claims = ehr.Claims();
        claims["exp"] = SampleTime.AsOf.AddMinutes(14).ToUnixTimeSeconds();
        Assert.Equal(200, (await SendAsync(service, ehr.Sign(claims, jku: ehr.JwksUri.AbsoluteUri))).Status);
    }

    [Fact]
    public async Task A_key_rotated_meanwhile_is_found_and_made_up_ids_do_not_flood_the_client()
    {
        await using var ehr = await Ehr.StartAsync();
        var time = new SampleTime();
        await using var service = await StartAsync(ehr, time: time);
        Assert.Equal(200, (await SendAsync(service, ehr.Token())).Status);
        ehr.Rotate();
        time.Moved = TimeSpan.FromSeconds(11);
        Assert.Equal(200, (await SendAsync(service, ehr.Token())).Status);
        var fetched = ehr.KeysFetched;
        for (var i = 0; i < 20; i++)
        {
            AssertRefused(await SendAsync(service, ehr.Sign(ehr.Claims(), keyId: $"made-up-{i}")), "kid is none");
        }

        Assert.Equal(fetched, ehr.KeysFetched);
    }

    [Fact]
    public async Task Keys_without_jku_are_configured()
    {
        await using var ehr = await Ehr.StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, ehr.Jwks(), TestContext.Current.CancellationToken);
        await using var service = await StartAsync(ehr, settings =>
        {
            settings.Remove("Servers:0:CdsClients:0:JwksUri");
            settings["Servers:0:CdsClients:0:JwksPath"] = file;
        });
        Assert.Equal(200, (await SendAsync(service, ehr.Token())).Status);
        AssertRefused(await SendAsync(service, ehr.Sign(ehr.Claims(), jku: ehr.JwksUri.AbsoluteUri)), "jku is not");
        File.Delete(file);
    }

    [Fact]
    public async Task Of_many_uses_of_one_token_at_once_one_is_let_in()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr);
        var token = ehr.Token();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(service, token)));
        Assert.Single(answers, answer => answer.Status == 200);
    }

    [Fact]
    public async Task Discovery_is_public_and_open_to_browsers()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr);
        using var request = new HttpRequestMessage(HttpMethod.Get, "cds-services");
        request.Headers.Add("Origin", "https://sandbox.example.org");
        using var response = await service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await CallAnswer.ReadAsync(response);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.All(answer.Body["services"]!.AsArray(), one =>
        {
            Assert.All(new[] { "hook", "title", "description", "id", "usageRequirements" }, member => Assert.NotEmpty((string)one![member]!));
            Assert.All(one!["prefetch"]!.AsObject(), template =>
            {
                Assert.InRange(((string)template.Value!).Length, 1, 1999);
                Assert.Equal("context.patientId", System.Text.RegularExpressions.Regex.Match((string)template.Value!, @"\{\{(.*?)\}\}").Groups[1].Value);
            });
        });
        Assert.Equal([Call.PatientView, Call.OrderSelect, Call.OrderSign, Call.EncounterStart], answer.Body["services"]!.AsArray().Select(one => (string?)one!["id"]));
    }

    internal static Task<RunningService> StartAsync(Ehr ehr, Action<Dictionary<string, string?>>? adjust = null, TimeProvider? time = null) => CardTests.StartAsync(settings =>
    {
        ehr.Settings(settings);
        adjust?.Invoke(settings);
    }, time: time);

    private static Task<CallAnswer> SendAsync(RunningService service, string? token) => Call.Of("adult-mild-with-migraine").SendAsync(service, token: token);

    private static void AssertRefused(CallAnswer answer, string reason)
    {
        Assert.Equal(401, answer.Status);
        Assert.Equal("OperationOutcome", (string?)answer.Body["resourceType"]);
        Assert.Contains(reason, answer.Diagnostics, StringComparison.Ordinal);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }
}
