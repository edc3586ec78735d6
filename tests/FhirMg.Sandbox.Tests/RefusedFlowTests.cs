using System.Net;
using FhirMg.Sandbox.Authorization;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Sandbox.Tests;

public sealed class RefusedFlowTests(SharedHospital shared) : IClassFixture<SharedHospital>
{
    private const string Scope = "launch patient/*.rs";
    private static readonly LaunchContext Chart = new("adult-mild-with-migraine-p1", "petrova");

    [Fact]
    public async Task A_wrong_verifier_redirect_or_a_used_code_gets_no_token()
    {
        var hospital = shared.Hospital;
        var app = new SmartApp(hospital, "public");
        async Task<string> CodeAsync() => SmartApp.Answer(await app.AuthorizeAsync(app.Request(Scope, hospital.Application.OpenLaunch(Chart))))["code"];
        Assert.Equal("invalid_grant", (string)(await app.RedeemAsync(await CodeAsync(), verifier: new('x', 64))).Body["error"]!);
        Assert.Equal("invalid_grant", (string)(await app.RedeemAsync(await CodeAsync(), redirect: SmartApp.Redirect + "/other")).Body["error"]!);
        Assert.Equal("invalid_request", (string)(await app.TokenAsync(("grant_type", "authorization_code"), ("code", await CodeAsync()), ("redirect_uri", SmartApp.Redirect))).Body["error"]!);
        var code = await CodeAsync();
        var (status, tokens) = await app.RedeemAsync(code);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("invalid_grant", (string)(await app.RedeemAsync(code)).Body["error"]!);
        // A code that is used twice takes back what the first use gave (RFC 6749 section 4.1.2).
        var (response, _) = await hospital.SendAsync(HttpMethod.Get, "Patient", token: (string)tokens["access_token"]!);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var other = new SmartApp(hospital, "secret", SmartHospital.Secret);
        Assert.Equal("invalid_grant", (string)(await other.RedeemAsync(await CodeAsync(), app.Verifier)).Body["error"]!);
    }

    [Theory]
    [InlineData("aud", "https://elsewhere.example.org/fhir", "invalid_request")]
    [InlineData("aud", null, "invalid_request")]
    [InlineData("launch", "made-up", "invalid_request")]
    [InlineData("launch", null, "invalid_request")]
    [InlineData("scope", "system/*.rs", "invalid_scope")]
    public async Task A_wrong_request_is_told_to_the_app(string parameter, string? value, string error)
    {
        var hospital = shared.Hospital;
        var app = new SmartApp(hospital, "public");
        var request = app.Request(Scope, hospital.Application.OpenLaunch(Chart));
        request.Remove(parameter);
        if (value is not null)
        {
            request[parameter] = value;
        }

        Assert.Equal(error, SmartApp.Answer(await app.AuthorizeAsync(request))["error"]);
    }

    [Theory]
    [InlineData("redirect_uri", "http://127.0.0.1:5999/elsewhere")]
    [InlineData("redirect_uri", "https://attacker.example.org/")]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", "backend")]
    [InlineData("code_challenge", "")]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("response_type", "token")]
    public async Task A_request_that_cannot_be_trusted_is_answered_here(string parameter, string value)
    {
        var hospital = shared.Hospital;
        var app = new SmartApp(hospital, "public");
        var request = app.Request(Scope, hospital.Application.OpenLaunch(Chart));
        request[parameter] = value;
        var response = await app.AuthorizeAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    [Fact]
    public async Task A_wrong_secret_or_none_gets_no_token()
    {
        var hospital = shared.Hospital;
        var right = new SmartApp(hospital, "secret", SmartHospital.Secret);
        var code = SmartApp.Answer(await right.AuthorizeAsync(right.Request(Scope, hospital.Application.OpenLaunch(Chart))))["code"];
        Assert.Equal("invalid_client", (string)(await new SmartApp(hospital, "secret", "guess").RedeemAsync(code, right.Verifier)).Body["error"]!);
        Assert.Equal("invalid_client", (string)(await new SmartApp(hospital, "secret").RedeemAsync(code, right.Verifier)).Body["error"]!);
        Assert.Equal("invalid_client", (string)(await new SmartApp(hospital, "keys").RedeemAsync(code, right.Verifier)).Body["error"]!);
    }

    [Fact]
    public async Task An_assertion_is_good_once_and_only_as_smart_wants_it()
    {
        var hospital = shared.Hospital;
        var backend = new SmartApp(hospital, "backend", key: SmartHospital.Elliptic);
        async Task<(HttpStatusCode Status, string? Error)> AskAsync(string assertion)
        {
            var (status, body) = await backend.TokenAsync(
                ("grant_type", "client_credentials"), ("scope", "system/*.rs"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion));
            return (status, (string?)body["error"]);
        }

        var good = backend.Assertion();
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(good));
        Assert.Equal("invalid_client", (await AskAsync(good)).Error);
        Assert.Equal("invalid_client", (await AskAsync(backend.Assertion(life: TimeSpan.FromMinutes(30)))).Error);
        Assert.NotEqual(HttpStatusCode.OK, (await AskAsync(backend.Assertion(life: TimeSpan.FromMinutes(-30)))).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await AskAsync(backend.Assertion(audience: "https://elsewhere.example.org/token"))).Status);
        Assert.Equal("invalid_client", (await AskAsync(backend.Assertion(jti: ""))).Error);
        Assert.Equal("invalid_client", (await AskAsync(backend.Assertion(more: new() { ["jku"] = "https://attacker.example.org/jwks" }))).Error);
        var stranger = new SmartApp(hospital, "backend", key: new ECDsaSecurityKey(System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384)) { KeyId = "ec-1" });
        Assert.NotEqual(HttpStatusCode.OK, (await AskAsync(stranger.Assertion())).Status);
        var weak = new SmartApp(hospital, "backend", key: SmartHospital.Rsa, algorithm: SecurityAlgorithms.RsaSha256);
        Assert.Equal("invalid_client", (await AskAsync(weak.Assertion())).Error);
        Assert.Equal("invalid_client", (await AskAsync("no.jwt")).Error);
        var strong = new SmartApp(hospital, "backend", key: SmartHospital.Rsa, algorithm: SecurityAlgorithms.RsaSha384);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(strong.Assertion())).Status);
    }

    [Fact]
    public async Task A_backend_service_has_system_scopes_that_it_is_registered_for_and_an_app_has_none()
    {
        var hospital = shared.Hospital;
        var narrow = new SmartApp(hospital, "narrow", key: SmartHospital.Elliptic);
        var (_, tokens) = await narrow.TokenAsync(("grant_type", "client_credentials"), ("scope", "system/Patient.rs system/Observation.rs"));
        Assert.Equal("system/Patient.rs", (string)tokens["scope"]!);
        Assert.Equal("invalid_scope", (string)(await narrow.TokenAsync(("grant_type", "client_credentials"), ("scope", "user/*.rs"))).Body["error"]!);
        Assert.Equal("unauthorized_client", (string)(await new SmartApp(hospital, "keys", key: SmartHospital.Elliptic).TokenAsync(("grant_type", "client_credentials"), ("scope", "system/*.rs"))).Body["error"]!);
    }

    [Fact]
    public async Task A_token_that_expired_is_refused()
    {
        await using var hospital = await SmartHospital.OpenAsync();
        var tokens = await new SmartApp(hospital, "public").LaunchAsync(Scope, Chart);
        hospital.Application.Faults = hospital.Application.Faults with { ExpiredTokens = true };
        var (response, _) = await hospital.SendAsync(HttpMethod.Get, "Patient", token: (string)tokens["access_token"]!);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("invalid_token", response.Headers.WwwAuthenticate.ToString());
    }
}
