using System.Net;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Sandbox.Tests;

public sealed class LaunchTests(SharedHospital shared) : IClassFixture<SharedHospital>
{
    private const string Patient = "adult-mild-with-migraine-p1";
    private const string Scope = "launch openid fhirUser offline_access patient/*.rs";
    private static readonly LaunchContext Chart = new(Patient, "petrova", "e-1", "reconcile", NeedPatientBanner: false);

    [Theory]
    [InlineData("public")]
    [InlineData("secret")]
    [InlineData("keys")]
    public async Task Every_kind_of_client_is_launched_from_the_ehr(string client)
    {
        var hospital = shared.Hospital;
        var app = new SmartApp(hospital, client, client == "secret" ? SmartHospital.Secret : null, client == "keys" ? SmartHospital.Elliptic : null);
        var tokens = await app.LaunchAsync(Scope, Chart);
        Assert.Equal(Patient, (string)tokens["patient"]!);
        Assert.Equal("e-1", (string)tokens["encounter"]!);
        Assert.Equal("reconcile", (string)tokens["intent"]!);
        Assert.False((bool)tokens["need_patient_banner"]!);
        Assert.Equal("Bearer", (string)tokens["token_type"]!);
        Assert.Equal(Scope, (string)tokens["scope"]!);
        Assert.True((int)tokens["expires_in"]! is > 500 and <= 600);
        Assert.Equal(HttpStatusCode.OK, (await hospital.Http.GetAsync(new Uri((string)tokens["smart_style_url"]!), TestContext.Current.CancellationToken)).StatusCode);
        await hospital.GetAsync($"Patient/{Patient}", (string)tokens["access_token"]!);
    }

    [Fact]
    public async Task The_identity_is_signed_by_the_published_keys()
    {
        var hospital = shared.Hospital;
        var tokens = await new SmartApp(hospital, "public").LaunchAsync(Scope, Chart);
        var keys = await hospital.Http.GetStringAsync(new Uri($"{hospital.Application.Issuer}/jwks"), TestContext.Current.CancellationToken);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync((string)tokens["id_token"]!, new()
        {
            ValidIssuer = hospital.Application.Issuer.AbsoluteUri,
            ValidAudience = "public",
            IssuerSigningKeys = JsonWebKeySet.Create(keys).GetSigningKeys(),
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal($"{hospital.Application.FhirBase}/Practitioner/petrova", result.Claims["fhirUser"]);
        var configuration = JsonNode.Parse(await hospital.Http.GetStringAsync(new Uri($"{hospital.Application.Issuer}/.well-known/openid-configuration"), TestContext.Current.CancellationToken))!;
        Assert.Equal(hospital.Application.Issuer.AbsoluteUri, (string)configuration["issuer"]!);
    }

    [Fact]
    public async Task Discovery_names_the_endpoints()
    {
        var hospital = shared.Hospital;
        var found = await hospital.GetAsync(".well-known/smart-configuration");
        Assert.Equal(hospital.Application.Issuer.AbsoluteUri, (string)found["issuer"]!);
        Assert.Equal($"{hospital.Application.Issuer}/token", (string)found["token_endpoint"]!);
        Assert.Contains("S256", found["code_challenge_methods_supported"]!.AsArray().Select(one => (string)one!));
        var statement = await hospital.GetAsync("metadata");
        Assert.Contains($"{hospital.Application.Issuer}/authorize", statement.ToJsonString());
    }

    [Fact]
    public async Task A_standalone_launch_asks_for_the_patient_and_grants_what_is_ticked()
    {
        var hospital = shared.Hospital;
        var app = new SmartApp(hospital, "public");
        var request = app.Request("launch/patient openid patient/Patient.rs patient/Observation.rs");
        var page = await app.AuthorizeAsync(request);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("patient/Observation.rs", html);
        Assert.Contains(Patient, html);
        var answer = SmartApp.Answer(await app.AuthorizeAsync(request, ("decision", "allow"), ("clinician", "brown"), ("patient", Patient), ("grant", "launch/patient"), ("grant", "patient/Patient.rs")));
        Assert.Equal("state-1", answer["state"]);
        var (status, tokens) = await app.RedeemAsync(answer["code"]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("launch/patient patient/Patient.rs", (string)tokens["scope"]!);
        Assert.Equal(Patient, (string)tokens["patient"]!);
        Assert.Null(tokens["id_token"]);
        Assert.Null(tokens["refresh_token"]);
        var (response, _) = await hospital.SendAsync(HttpMethod.Get, $"Observation?patient={Patient}", token: (string)tokens["access_token"]!);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_refusal_goes_back_to_the_app()
    {
        var hospital = shared.Hospital;
        var app = new SmartApp(hospital, "public");
        var answer = SmartApp.Answer(await app.AuthorizeAsync(app.Request("launch/patient patient/*.rs"), ("decision", "deny")));
        Assert.Equal("access_denied", answer["error"]);
        Assert.Equal("state-1", answer["state"]);
    }

    [Fact]
    public async Task Consent_is_asked_at_an_ehr_launch_when_set_so()
    {
        await using var hospital = await SmartHospital.OpenAsync(new() { AskConsent = true });
        var app = new SmartApp(hospital, "public");
        var request = app.Request(Scope, hospital.Application.OpenLaunch(Chart));
        Assert.Equal(HttpStatusCode.OK, (await app.AuthorizeAsync(request)).StatusCode);
        var answer = SmartApp.Answer(await app.AuthorizeAsync(request, ("decision", "allow"), ("patient", "acute-attack-in-emergency-p1"), ("grant", "launch"), ("grant", "patient/*.rs")));
        var (_, tokens) = await app.RedeemAsync(answer["code"]);
        Assert.Equal(Patient, (string)tokens["patient"]!);
    }

    [Theory]
    [InlineData("offline_access")]
    [InlineData("online_access")]
    public async Task Tokens_are_refreshed_once_each(string access)
    {
        var hospital = shared.Hospital;
        var app = new SmartApp(hospital, "public");
        var tokens = await app.LaunchAsync($"launch {access} patient/*.rs", Chart);
        var (status, refreshed) = await app.RefreshAsync(tokens);
        Assert.True(status == HttpStatusCode.OK, refreshed.ToString());
        Assert.Equal(Patient, (string)refreshed["patient"]!);
        Assert.NotEqual((string)tokens["access_token"]!, (string)refreshed["access_token"]!);
        await hospital.GetAsync($"Patient/{Patient}", (string)refreshed["access_token"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefreshAsync(tokens)).Status);
    }

    [Fact]
    public async Task A_revoked_token_opens_nothing_and_introspection_says_so()
    {
        var hospital = shared.Hospital;
        var app = new SmartApp(hospital, "secret", SmartHospital.Secret);
        var tokens = await app.LaunchAsync(Scope, Chart);
        KeyValuePair<string, string>[] form = [new("client_id", "secret"), new("client_secret", SmartHospital.Secret), new("token", (string)tokens["access_token"]!)];
        var (_, active) = await app.PostAsync("introspect", form);
        Assert.True((bool)active["active"]!);
        Assert.Equal(Patient, (string)active["patient"]!);
        Assert.Equal(Scope, (string)active["scope"]!);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("revoke", form)).Status);
        Assert.False((bool)(await app.PostAsync("introspect", form)).Body["active"]!);
        var (response, body) = await hospital.SendAsync(HttpMethod.Get, $"Patient/{Patient}", token: (string)tokens["access_token"]!);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("OperationOutcome", (string)body["resourceType"]!);
    }

    [Fact]
    public async Task The_authorization_server_may_stand_on_another_origin()
    {
        await using var hospital = await SmartHospital.OpenAsync(new() { AuthorizationPort = 0 });
        Assert.NotEqual(hospital.Application.FhirBase.Port, hospital.Application.Issuer.Port);
        var tokens = await new SmartApp(hospital, "keys", key: SmartHospital.Rsa, algorithm: SecurityAlgorithms.RsaSha384).LaunchAsync(Scope, Chart);
        await hospital.GetAsync($"Patient/{Patient}", (string)tokens["access_token"]!);
    }
}
