using System.Net;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Authorization;

namespace FhirMg.Sandbox.Tests;

/// <summary>What other conformant authorization servers do, for apps to be tried with.</summary>
public sealed class HabitTests
{
    private const string Patient = "adult-mild-with-migraine-p1";
    private const string Scope = "launch openid fhirUser offline_access patient/*.rs patient/MedicationRequest.cruds";
    private static readonly LaunchContext Chart = new(Patient, "petrova");

    [Theory]
    [InlineData("patient/Patient.rs patient/Observation.rs", "launch patient/Patient.rs patient/Observation.rs")]
    [InlineData("patient/*.rs", "launch patient/*.rs patient/MedicationRequest.rs")]
    [InlineData("patient/*.rs patient/MedicationRequest.cu", "launch patient/*.rs patient/MedicationRequest.cu patient/MedicationRequest.rs")]
    [InlineData("patient/Observation.rs?category=laboratory", "launch patient/Observation.rs?category=laboratory")]
    [InlineData("user/*.cruds", "launch")]
    public async Task Less_is_granted_than_asked_for(string ceiling, string granted)
    {
        await using var hospital = await SmartHospital.OpenAsync(new() { Smart = new() { Ceiling = ceiling } });
        var tokens = await new SmartApp(hospital, "public").LaunchAsync("launch patient/*.rs patient/MedicationRequest.cruds", Chart);
        Assert.Equal(granted.Split(' ').Order(), ((string)tokens["scope"]!).Split(' ').Order());
    }

    [Fact]
    public async Task What_is_narrower_is_enforced()
    {
        await using var hospital = await SmartHospital.OpenAsync(new() { Smart = new() { Ceiling = "patient/Patient.rs patient/MedicationRequest.c" } });
        var token = (string)(await new SmartApp(hospital, "public").LaunchAsync(Scope, Chart))["access_token"]!;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hospital, $"Patient/{Patient}", token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(hospital, $"Observation?patient={Patient}", token));
        var (created, body) = await hospital.SendAsync(HttpMethod.Post, "MedicationRequest", FhirTests.Order("urn:test", "narrow"), token);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await hospital.SendAsync(HttpMethod.Put, $"MedicationRequest/{body["id"]}", body, token)).Response.StatusCode);
    }

    [Fact]
    public async Task A_server_of_version_1_grants_only_that()
    {
        await using var hospital = await SmartHospital.OpenAsync(new() { Smart = new() { KnowsVersion2 = false } });
        var tokens = await new SmartApp(hospital, "public").LaunchAsync("launch patient/*.rs patient/Patient.read", Chart);
        Assert.Equal("launch patient/Patient.read", (string)tokens["scope"]!);
        var found = await hospital.GetAsync(".well-known/smart-configuration");
        Assert.DoesNotContain("permission-v2", Texts(found["capabilities"]));
        Assert.Contains("permission-v1", Texts(found["capabilities"]));
        Assert.DoesNotContain(Texts(found["scopes_supported"]), scope => scope.EndsWith(".cruds"));
    }

    [Fact]
    public async Task Refresh_tokens_and_identity_may_not_be_given()
    {
        await using var hospital = await SmartHospital.OpenAsync(new() { Smart = new() { GivesRefreshTokens = false, GivesIdTokens = false } });
        var tokens = await new SmartApp(hospital, "public").LaunchAsync(Scope, Chart);
        Assert.Null(tokens["refresh_token"]);
        Assert.Null(tokens["id_token"]);
        Assert.Equal("launch patient/*.rs patient/MedicationRequest.cruds", (string)tokens["scope"]!);
        Assert.DoesNotContain("sso-openid-connect", Texts((await hospital.GetAsync(".well-known/smart-configuration"))["capabilities"]));
    }

    [Fact]
    public async Task A_refresh_token_may_stay_good()
    {
        await using var hospital = await SmartHospital.OpenAsync();
        var app = new SmartApp(hospital, "public");
        hospital.Application.Smart = new() { RotatesRefreshTokens = false };
        var tokens = await app.LaunchAsync(Scope, Chart);
        for (var time = 0; time < 3; time++)
        {
            var (status, refreshed) = await app.RefreshAsync(tokens);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Null(refreshed["refresh_token"]);
            await hospital.GetAsync($"Patient/{Patient}", (string)refreshed["access_token"]!);
        }

        hospital.Application.Smart = new();
        var (_, last) = await app.RefreshAsync(tokens);
        Assert.NotNull(last["refresh_token"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefreshAsync(tokens)).Status);
    }

    [Fact]
    public async Task The_patient_may_be_missing_and_then_nothing_of_a_patient_is_open()
    {
        await using var hospital = await SmartHospital.OpenAsync(new() { Smart = new() { TellsPatient = false } });
        var tokens = await new SmartApp(hospital, "public").LaunchAsync(Scope, Chart);
        Assert.Null(tokens["patient"]);
        Assert.NotNull(tokens["id_token"]);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(hospital, $"Patient/{Patient}", (string)tokens["access_token"]!));
    }

    [Fact]
    public async Task Answers_may_have_parameters_of_their_own_and_no_expiry()
    {
        await using var hospital = await SmartHospital.OpenAsync(new() { Smart = new() { AddsParameters = true, TellsExpiry = false } });
        var app = new SmartApp(hospital, "public");
        var redirect = SmartApp.Answer(await app.AuthorizeAsync(app.Request(Scope, hospital.Application.OpenLaunch(Chart))));
        Assert.True(redirect.ContainsKey("session_state"));
        var (status, tokens) = await app.RedeemAsync(redirect["code"]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(tokens.ContainsKey("expires_in"));
        Assert.Equal(1, (int)tokens["x_number"]!);
        Assert.IsType<JsonObject>(tokens["x_object"]);
        Assert.IsType<JsonArray>(tokens["x_list"]);
        Assert.Equal(Patient, (string)tokens["patient"]!);
    }

    [Fact]
    public async Task Discovery_may_say_nothing_of_pkce_or_not_be_there()
    {
        await using var hospital = await SmartHospital.OpenAsync();
        hospital.Application.Smart = new() { AdvertisesPkce = false };
        Assert.False((await hospital.GetAsync(".well-known/smart-configuration")).ContainsKey("code_challenge_methods_supported"));
        hospital.Application.Smart = new() { HasSmartConfiguration = false };
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(hospital, ".well-known/smart-configuration", null));
        Assert.Contains($"{hospital.Application.Issuer}/token", (await hospital.GetAsync("metadata")).ToJsonString());
    }

    [Fact]
    public async Task On_two_origins_neither_answers_for_the_other()
    {
        await using var hospital = await SmartHospital.OpenAsync(new() { AuthorizationPort = 0, AuthorizationHost = "localhost" });
        Assert.Equal(("127.0.0.1", "localhost"), (hospital.Application.FhirBase.Host, hospital.Application.Issuer.Host));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(hospital, "/auth/jwks", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(hospital, $"{hospital.Application.Issuer}/jwks", null));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(hospital, new Uri(hospital.Application.Issuer, "/fhir/metadata").AbsoluteUri, null));
        var found = await hospital.GetAsync(".well-known/smart-configuration");
        Assert.StartsWith("http://localhost:", (string)found["authorization_endpoint"]!);
        var tokens = await new SmartApp(hospital, "public").LaunchAsync(Scope, Chart);
        await hospital.GetAsync($"Patient/{Patient}", (string)tokens["access_token"]!);
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(one => (string)one!);

    private static async Task<HttpStatusCode> StatusAsync(Hospital hospital, string url, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await hospital.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
