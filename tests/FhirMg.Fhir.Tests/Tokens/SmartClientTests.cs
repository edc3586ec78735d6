using System.Net;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>What launched apps need at a server: its endpoints, our assertion, our public keys.</summary>
public sealed class SmartClientTests
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    [Fact]
    public async Task The_configuration_names_where_a_person_signs_in_and_is_asked_once()
    {
        await using var server = await Stub.StartAsync();
        server.Configuration = new()
        {
            ["authorization_endpoint"] = "https://auth.example.org/authorize",
            ["revocation_endpoint"] = "https://auth.example.org/revoke",
            ["jwks_uri"] = "https://auth.example.org/jwks",
            ["issuer"] = "https://auth.example.org",
            ["capabilities"] = new JsonArray("permission-v1"),
        };
        using var client = Client(Public(server.Base));

        var found = await client.DiscoverAsync(Bench.Ends);
        await client.DiscoverAsync(Bench.Ends);

        Assert.Equal(("https://auth.example.org/authorize", "https://auth.example.org/revoke", "https://auth.example.org/jwks", "https://auth.example.org", true),
            (found.AuthorizationEndpoint?.AbsoluteUri, found.RevocationEndpoint?.AbsoluteUri, found.JwksUri?.AbsoluteUri, found.Issuer, found.KnowsOnlyV1));
        Assert.Single(server.Requests);
        client.Forget();
        await client.DiscoverAsync(Bench.Ends);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task The_capability_statement_names_it_where_there_is_no_configuration()
    {
        await using var server = await Stub.StartAsync();
        server.Answer = seen => seen.Path == "/fhir/metadata" ? new(200, """
            {"resourceType":"CapabilityStatement","rest":[{"security":{"extension":[{"url":"http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris","extension":[
              {"url":"authorize","valueUri":"https://auth.example.org/authorize"},{"url":"token","valueUri":"https://auth.example.org/token"}]}]}}]}
            """) : new(404);
        using var client = Client(Public(server.Base));

        var found = await client.DiscoverAsync(Bench.Ends);

        Assert.Equal(("https://auth.example.org/authorize", "https://auth.example.org/token"), (found.AuthorizationEndpoint?.AbsoluteUri, found.TokenEndpoint.AbsoluteUri));
        Assert.Null(found.RevocationEndpoint);
    }

    [Theory]
    [InlineData("http://auth.example.org/authorize")]
    [InlineData("https://user:pass@auth.example.org/authorize")]
    [InlineData("https://auth.example.org/authorize#there")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/authorize")]
    public async Task A_person_is_not_sent_to_an_endpoint_that_is_not_protected(string endpoint)
    {
        await using var server = await Stub.StartAsync();
        server.Configuration = new() { ["authorization_endpoint"] = endpoint };
        using var client = Client(Public(server.Base));

        Assert.Null((await client.DiscoverAsync(Bench.Ends)).AuthorizationEndpoint);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_and_may_be_asked_later()
    {
        await using var server = await Stub.StartAsync();
        server.Answer = _ => new(200) { Delay = TimeSpan.FromMinutes(1) };
        using var client = Client(Public(server.Base) with { Deadline = TimeSpan.FromMilliseconds(300) });

        var fault = await Assert.ThrowsAsync<TokenException>(() => client.DiscoverAsync(Bench.Ends));

        Assert.True(fault.IsTransient);
        Assert.Contains("hospital did not say within", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assertion_is_for_the_token_endpoint_alone_short_lived_and_never_the_same()
    {
        await using var server = await Stub.StartAsync();
        using var key = new KeyOnDisk(TestKey.PrivateSet(TestKey.Curve, TestKey.Rsa));
        using var client = Client(Bench.WithKey(server.Base, key));
        server.Configuration = new() { ["token_endpoint_auth_signing_alg_values_supported"] = new JsonArray("RS384") };
        var found = await client.DiscoverAsync(Bench.Ends);

        var first = new JsonWebToken(await client.AssertionAsync(found, Bench.Ends));
        var second = new JsonWebToken(await client.AssertionAsync(found, Bench.Ends));

        Assert.True(client.IsAsymmetric);
        Assert.Equal(("fhirmg", "fhirmg", new Uri(server.Url, "/token").AbsoluteUri), (first.Issuer, first.Subject, Assert.Single(first.Audiences)));
        Assert.Equal(("RS384", "rsa-1", "JWT"), (first.Alg, first.Kid, first.Typ));
        Assert.InRange(first.ValidTo - TimeProvider.System.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));
        Assert.NotEqual(first.Id, second.Id);
        var verdict = await new JsonWebTokenHandler().ValidateTokenAsync(first.EncodedToken, new()
        {
            ValidIssuer = "fhirmg",
            ValidAudience = found.Audience,
            IssuerSigningKeys = await client.PublicKeysAsync(Bench.Ends),
        });
        Assert.True(verdict.IsValid, verdict.Exception?.Message);
    }

    [Fact]
    public async Task Published_keys_hold_nothing_private_and_the_old_one_while_keys_rotate()
    {
        await using var server = await Stub.StartAsync();
        using var key = new KeyOnDisk(TestKey.Rsa.Jwk);
        using var client = Client(Bench.WithKey(server.Base, key));
        await client.PublicKeysAsync(Bench.Ends);
        key.Replace(TestKey.Curve.Jwk);

        var keys = await client.PublicKeysAsync(Bench.Ends);

        Assert.Equal(["ec-1", "rsa-1"], keys.Select(one => one.Kid));
        Assert.All(keys, one => Assert.False(one.HasPrivateKey));
        Assert.All(keys, one => Assert.All(new[] { one.D, one.P, one.Q, one.DP, one.DQ, one.QI, one.K }, Assert.Null));
        Assert.Equal(((string?)TestKey.Curve.Public["x"], (string?)TestKey.Rsa.Public["n"]), (keys[0].X, keys[1].N));
        Assert.Equal([("sig", "ES384"), ("sig", "RS384")], keys.Select(one => (one.Use, one.Alg)));
    }

    [Fact]
    public async Task A_public_client_has_neither_assertion_nor_keys()
    {
        await using var server = await Stub.StartAsync();
        using var client = Client(Public(server.Base));

        Assert.False(client.IsAsymmetric);
        Assert.Null(await client.AssertionAsync(await client.DiscoverAsync(Bench.Ends), Bench.Ends));
        Assert.Empty(await client.PublicKeysAsync(Bench.Ends));
    }

    [Fact]
    public async Task It_is_registered_under_the_name_of_each_server_with_a_client_id_and_follows_no_redirect()
    {
        await using var server = await Stub.StartAsync();
        server.Answer = seen => seen.Path == "/elsewhere" ? new(200) : new(302) { Location = "/elsewhere" };
        var options = Public(server.Base);
        await using var provider = new ServiceCollection().AddFhirServers(options, options with { Name = "without", ClientId = null }).BuildServiceProvider();

        var client = provider.GetRequiredKeyedService<SmartClient>("hospital");

        Assert.Equal(options, client.Options);
        Assert.Null(provider.GetKeyedService<SmartClient>("without"));
        using var response = await client.Http.GetAsync(new Uri(server.Url, "/moved"), Bench.Ends);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    [Fact]
    public void A_launch_asks_for_its_patient_alone_and_to_write_only_where_people_may_decide()
    {
        var read = WantedScopes.OfLaunch(Knowledge.BuiltIn, WritePolicy.Report);
        var decide = WantedScopes.OfLaunch(Knowledge.BuiltIn, WritePolicy.Suggest);

        Assert.All(read, scope => Assert.Matches(@"^patient/[A-Za-z]+\.rs$", scope));
        Assert.Contains("patient/Patient.rs", read);
        Assert.Contains("patient/Observation.rs", read);
        Assert.Contains("patient/MedicationRequest.crus", decide);
        Assert.Equal(["CommunicationRequest", "MedicationRequest", "QuestionnaireResponse", "ServiceRequest", "Task"],
            decide.Except(read).Select(scope => scope["patient/".Length..scope.IndexOf('.', StringComparison.Ordinal)]));
        Assert.Equal(["patient/Observation.read", "patient/Task.read", "patient/Task.write"], WantedScopes.AsV1(["patient/Observation.rs", "patient/Task.crus"]));
    }

    private static FhirServerOptions Public(Uri url) => new() { Name = "hospital", BaseUrl = url, ClientId = "fhirmg" };

    private static SmartClient Client(FhirServerOptions options) => new(options, Http, TimeProvider.System, NullLogger<SmartClient>.Instance);
}
