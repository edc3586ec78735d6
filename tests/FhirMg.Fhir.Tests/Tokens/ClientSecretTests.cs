using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class ClientSecretTests
{
    [Theory]
    [InlineData("fhirmg", "s3cret")]
    [InlineData("fhirmg", "a b+c:d%e&f=ü€/\"")]
    [InlineData("urn:client/1 x", ":")]
    public async Task A_secret_goes_into_the_header_form_encoded(string id, string secret)
    {
        await using var server = await AuthServer.StartAsync(new() { Clients = [new(id) { Secret = secret }] });
        using var bench = new Bench(Bench.WithSecret(server.Url, secret) with { ClientId = id });

        await bench.GetAsync();

        Assert.Equal(("client_secret_basic", null), (server.Requests[0].Method, server.Requests[0].Refusal));
    }

    [Theory]
    [InlineData("client_secret_post", "")]
    [InlineData("private_key_jwt client_secret_post", "")]
    [InlineData("client_secret_post client_secret_basic", "Basic")]
    [InlineData("private_key_jwt", "Basic")]
    public async Task A_secret_goes_into_the_body_only_where_the_server_names_that_alone(string methods, string scheme)
    {
        await using var server = await Stub.StartAsync();
        server.Configuration = new JsonObject { ["token_endpoint_auth_methods_supported"] = new JsonArray([.. methods.Split(' ').Select(method => JsonValue.Create(method))]) };
        using var bench = new Bench(Bench.WithSecret(server.Base, "a b"));

        await bench.GetAsync();

        var request = server.TokenRequests[0];
        Assert.Equal(scheme, request.Authorization?.Split(' ')[0] ?? "");
        Assert.Equal(scheme.Length > 0 ? ("", "") : ("fhirmg", "a b"), (request.Form("client_id"), request.Form("client_secret")));
    }

    [Fact]
    public async Task A_key_goes_before_a_secret()
    {
        await using var server = await Stub.StartAsync();
        using var key = new KeyOnDisk(TestKey.Curve.Jwk);
        using var bench = new Bench(Bench.WithKey(server.Base, key) with { ClientSecret = "s3cret" });

        await bench.GetAsync();

        Assert.Null(server.TokenRequests[0].Authorization);
        Assert.NotEmpty(server.TokenRequests[0].Form("client_assertion"));
    }

    [Theory]
    [InlineData(null, "x", "ClientId")]
    [InlineData("", "x", "ClientId")]
    [InlineData("fhirmg", null, "PrivateKeyPath or ClientSecret")]
    [InlineData("fhirmg", "", "PrivateKeyPath or ClientSecret")]
    public async Task What_is_missing_in_the_configuration_is_named(string? id, string? secret, string missing)
    {
        await using var server = await Stub.StartAsync();
        using var bench = new Bench(Bench.WithSecret(server.Base) with { ClientId = id, ClientSecret = secret });

        Assert.Contains($"needs {missing}", (await bench.FailAsync()).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_gateways_header_goes_to_the_servers_own_host_alone()
    {
        await using var server = await Stub.StartAsync();
        await using var elsewhere = await Stub.StartAsync();
        using var same = new Bench(Bench.WithSecret(server.Base) with { Headers = Gateway });
        await same.GetAsync();
        server.Configuration = new JsonObject { ["token_endpoint"] = new Uri(elsewhere.Url, "/token").AbsoluteUri };
        using var other = new Bench(Bench.WithSecret(server.Base) with { Headers = Gateway });
        await other.GetAsync();

        Assert.All(server.Requests, request => Assert.Equal("g4teway", request.Headers["X-Api-Key"]));
        Assert.Equal(3, server.Requests.Count);
        Assert.False(Assert.Single(elsewhere.Requests).Headers.ContainsKey("X-Api-Key"));
    }

    private static Dictionary<string, string> Gateway => new() { ["X-Api-Key"] = "g4teway" };
}
