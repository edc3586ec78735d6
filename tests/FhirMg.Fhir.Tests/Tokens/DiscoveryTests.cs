using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class DiscoveryTests
{
    private const string Configuration = "/fhir/.well-known/smart-configuration";

    [Theory]
    [InlineData("/fhir")]
    [InlineData("/fhir/")]
    public async Task The_configuration_is_below_the_base_with_or_without_a_slash(string path)
    {
        await using var server = await Stub.StartAsync();
        using var bench = new Bench(Bench.WithSecret(new(server.Url, path)));

        await bench.GetAsync();

        Assert.Equal(("GET", Configuration, "application/json"), (server.Requests[0].Method, server.Requests[0].Path, server.Requests[0].Headers["Accept"]));
        Assert.Null(server.Requests[0].Authorization);
    }

    [Theory]
    [InlineData(404, "<html>none</html>")]
    [InlineData(200, "<html>login</html>")]
    [InlineData(200, "{}")]
    [InlineData(200, "[]")]
    [InlineData(200, "{\"token_endpoint\":7}")]
    [InlineData(200, "{\"token_endpoint\":\"/token\"}")]
    public async Task The_capability_statement_is_asked_where_the_configuration_tells_nothing(int status, string body)
    {
        await using var auth = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Secret = "s3cret-value" }], Discovery = SmartDiscovery.CapabilityStatement });
        await using var server = await Stub.StartAsync();
        server.Answer = seen => seen.Path switch
        {
            Configuration => new(status, body),
            "/fhir/metadata" => new(200, Statement(auth).ToJsonString()),
            _ => null,
        };
        using var bench = new Bench(Bench.WithSecret(server.Base));

        bench.Tokens.Invalidate(await bench.GetAsync());
        await bench.GetAsync();

        Assert.Equal([Configuration, "/fhir/metadata"], server.Requests.Select(request => request.Path));
        Assert.Equal(2, auth.Requests.Count);
    }

    [Fact]
    public async Task A_passing_fault_of_the_configuration_is_not_remembered()
    {
        await using var auth = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Secret = "s3cret-value" }] });
        await using var server = await Stub.StartAsync();
        server.Answer = seen => seen.Path == Configuration
            ? server.Requests.Count <= 3 ? new(503, RetryAfter: "0") : new(200, auth.SmartConfiguration().ToJsonString())
            : new(200, Statement(auth).ToJsonString());
        using var bench = new Bench(Bench.WithSecret(server.Base));

        bench.Tokens.Invalidate(await bench.GetAsync());
        await bench.GetAsync();

        Assert.Equal([Configuration, Configuration, Configuration, "/fhir/metadata", Configuration], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task Where_neither_tells_the_message_names_both_and_what_to_do()
    {
        await using var server = await Stub.StartAsync();
        server.Answer = seen => seen.Path == "/fhir/metadata" ? new(200, """{"resourceType":"CapabilityStatement","rest":[{"security":{"extension":"x"}},7]}""") : null;
        using var bench = new Bench(Bench.WithSecret(server.Base));
        server.Configuration = new JsonObject { ["token_endpoint"] = null };

        var message = (await bench.FailAsync()).Message;

        Assert.Equal($"no token endpoint: {server.Url}fhir/.well-known/smart-configuration: it names no token endpoint; "
            + $"{server.Url}fhir/metadata: it names no token endpoint; check BaseUrl, or whether the server offers SMART Backend Services", message);
    }

    [Theory]
    [InlineData("http://auth.example.org/token", "is not https")]
    [InlineData("http://user:pass@127.0.0.1/token", "no plain absolute url")]
    [InlineData("ftp://127.0.0.1/token", "is not https")]
    [InlineData("https://auth.example.org/token#part", "no plain absolute url")]
    [InlineData("/token", "not")]
    public async Task Nothing_secret_goes_to_an_endpoint_that_is_not_protected(string endpoint, string reason)
    {
        await using var server = await Stub.StartAsync();
        server.Configuration = new JsonObject { ["token_endpoint"] = endpoint };
        using var bench = new Bench(Bench.WithSecret(server.Base));

        var message = (await bench.FailAsync()).Message;

        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain("user:pass", message, StringComparison.Ordinal);
        Assert.Empty(server.TokenRequests);
    }

    [Fact]
    public async Task A_base_that_is_not_https_is_not_asked_for_an_endpoint()
    {
        using var bench = new Bench(Bench.WithSecret(new("http://user:pass@fhir.example.org/r4?key=1")));

        var message = (await bench.FailAsync()).Message;

        Assert.StartsWith("http://fhir.example.org/r4 is not https", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_assertion_goes_to_the_token_endpoint_alone()
    {
        await using var auth = await Stub.StartAsync();
        await using var server = await Stub.StartAsync();
        server.Configuration = new JsonObject { ["token_endpoint"] = new Uri(auth.Url, "/token").AbsoluteUri };
        using var key = new KeyOnDisk(TestKey.Curve.Jwk);
        using var bench = new Bench(Bench.WithKey(server.Base, key));

        await bench.GetAsync();

        Assert.NotEmpty(Assert.Single(auth.Requests).Form("client_assertion"));
        Assert.All(server.Requests, request => Assert.Equal(("GET", ""), (request.Method, request.Body)));
    }

    [Fact]
    public async Task An_endpoint_that_moved_is_found_again()
    {
        await using var server = await Stub.StartAsync();
        using var bench = new Bench(Bench.WithSecret(server.Base));
        bench.Tokens.Invalidate(await bench.GetAsync());
        server.Token = _ => new(404);
        server.Configuration = new JsonObject { ["token_endpoint"] = new Uri(server.Url, "/token/new").AbsoluteUri };
        server.Answer = seen => seen.Path == "/token/new" ? Reply.Token("moved") : null;

        Assert.Equal(404, (await bench.FailAsync()).Status);
        Assert.Equal("moved", (await bench.GetAsync()).Value);
    }

    [Fact]
    public async Task A_simulated_servers_statement_is_read()
    {
        await using var auth = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Secret = "s3cret-value" }] });
        using var bench = new Bench(Bench.WithSecret(auth.Url) with { Auth = ServerAuth.BackendServices });

        Assert.Equal(TokenVerdict.Good, auth.Judge($"Bearer {(await bench.GetAsync()).Value}", "Patient", 'r'));
    }

    private static JsonObject Statement(AuthServer auth) => new()
    {
        ["resourceType"] = "CapabilityStatement",
        ["rest"] = new JsonArray(new JsonObject { ["mode"] = "server", ["security"] = auth.SecurityElement() }),
    };
}
