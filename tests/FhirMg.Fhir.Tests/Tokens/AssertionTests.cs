using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class AssertionTests
{
    public static TheoryData<string, string, string> Files => new()
    {
        { TestKey.Rsa.Jwk, "rsa-1", "RSA as JWK" },
        { TestKey.Curve.Jwk, "ec-1", "EC as JWK" },
        { TestKey.PrivateSet(TestKey.Curve), "ec-1", "EC as JWK set" },
        { TestKey.Rsa.Private.ToJsonString(), TestKey.Rsa.Thumbprint, "RSA as JWK without kid" },
        { TestKey.Rsa.Pem, TestKey.Rsa.Thumbprint, "RSA as PKCS 8" },
        { TestKey.Rsa.OldPem, TestKey.Rsa.Thumbprint, "RSA as PKCS 1" },
        { TestKey.Curve.Pem, TestKey.Curve.Thumbprint, "EC as PKCS 8" },
        { TestKey.Curve.OldPem, TestKey.Curve.Thumbprint, "EC as SEC 1" },
        { $"-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n{TestKey.Curve.OldPem}", TestKey.Curve.Thumbprint, "EC with its parameters" },
    };

    [Theory]
    [MemberData(nameof(Files), DisableDiscoveryEnumeration = true)]
    public async Task A_key_is_taken_however_it_is_written(string file, string kid, string form)
    {
        var own = form.StartsWith("RSA", StringComparison.Ordinal) ? TestKey.Rsa : TestKey.Curve;
        await using var server = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Jwks = TestKey.PublicSet((own, kid)) }] });
        using var key = new KeyOnDisk(file);
        using var bench = new Bench(Bench.WithKey(server.Url, key));

        var token = await bench.GetAsync();

        Assert.Equal(TokenVerdict.Good, server.Judge($"Bearer {token.Value}", "Observation", 's'));
        Assert.Equal(("private_key_jwt", kid, null), (server.Requests[0].Method, server.Requests[0].KeyId, server.Requests[0].Refusal));
    }

    [Fact]
    public async Task The_assertion_says_what_SMART_asks_of_it()
    {
        await using var server = await Stub.StartAsync();
        using var key = new KeyOnDisk(TestKey.Curve.Jwk);
        using var bench = new Bench(Bench.WithKey(server.Base, key));
        var before = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

        await bench.GetAsync();

        var request = Assert.Single(server.TokenRequests);
        Assert.Equal(("client_credentials", "system/Observation.rs system/Patient.rs"), (request.Form("grant_type"), request.Form("scope")));
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", request.Form("client_assertion_type"));
        Assert.Equal(("", "", null), (request.Form("client_id"), request.Form("client_secret"), request.Authorization));
        Assert.Equal("""{"alg":"ES384","kid":"ec-1","typ":"JWT"}""", request.Header.ToJsonString());
        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "nbf", "sub"], request.Claims.Select(claim => claim.Key).Order());
        Assert.Equal(("fhirmg", "fhirmg"), ((string?)request.Claims["iss"], (string?)request.Claims["sub"]));
        var (issued, ends, begins) = (Time(request.Claims, "iat"), Time(request.Claims, "exp"), Time(request.Claims, "nbf"));
        Assert.InRange(issued, before, before.AddSeconds(10));
        Assert.InRange(ends - begins, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));
        Assert.True(begins <= issued && issued < ends);
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/token?tenant=a%20b")]
    [InlineData("")]
    public async Task The_audience_is_the_token_url_as_the_server_writes_it(string path)
    {
        await using var server = await Stub.StartAsync();
        server.Configuration = new JsonObject { ["token_endpoint"] = $"{server.Url.AbsoluteUri.TrimEnd('/')}{path}" };
        server.Answer = seen => seen.Method == "POST" ? Reply.Token() : null;
        using var key = new KeyOnDisk(TestKey.Curve.Jwk);
        using var bench = new Bench(Bench.WithKey(server.Base, key));

        await bench.GetAsync();

        Assert.Equal((string?)server.Configuration["token_endpoint"], (string?)server.Requests[^1].Claims["aud"]);
    }

    [Fact]
    public async Task Each_request_has_an_assertion_of_its_own_also_when_retried()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => server.TokenRequests.Count == 1 ? new(503) : Reply.Token($"t{server.TokenRequests.Count}");
        using var key = new KeyOnDisk(TestKey.Rsa.Jwk);
        using var bench = new Bench(Bench.WithKey(server.Base, key));

        bench.Tokens.Invalidate(await bench.GetAsync());
        await bench.GetAsync();

        Assert.Equal(3, server.TokenRequests.Select(request => (string?)request.Claims["jti"]).Distinct().Count());
        Assert.All(server.TokenRequests, request => Assert.True(((string?)request.Claims["jti"])!.Length >= 22));
    }

    [Fact]
    public async Task The_key_whose_algorithm_the_server_names_comes_first()
    {
        await using var server = await Stub.StartAsync();
        server.Configuration = new JsonObject { ["token_endpoint_auth_signing_alg_values_supported"] = new JsonArray("ES384") };
        using var key = new KeyOnDisk(TestKey.PrivateSet(TestKey.Rsa, TestKey.Curve));
        using var bench = new Bench(Bench.WithKey(server.Base, key));

        await bench.GetAsync();

        Assert.Equal("ec-1", (string?)Assert.Single(server.TokenRequests).Header["kid"]);
    }

    private static DateTimeOffset Time(JsonObject claims, string name) => DateTimeOffset.FromUnixTimeSeconds((long)claims[name]!);
}
