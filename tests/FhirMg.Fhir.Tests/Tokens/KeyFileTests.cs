using System.Security.Cryptography;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class KeyFileTests
{
    public static TheoryData<string, string> Unusable => new()
    {
        { TestKey.OfRsa(1024, "short").Jwk, "shorter than 2048 bits" },
        { TestKey.OfRsa(1024, "short").Pem, "shorter than 2048 bits" },
        { TestKey.OfCurve(ECCurve.NamedCurves.nistP256, "P-256", "small").Jwk, "not P-384" },
        { TestKey.OfCurve(ECCurve.NamedCurves.nistP256, "P-256", "small").Pem, "not P-384" },
        { TestKey.Rsa.EncryptedPem, "encrypted" },
        { TestKey.Curve.Public.ToJsonString(), "private key is missing" },
        { TestKey.With(TestKey.Rsa.Public, "d", (string)TestKey.Rsa.Private["d"]!).ToJsonString(), "private key is missing" },
        { TestKey.With(TestKey.Rsa.Private, "alg", "RS256").ToJsonString(), "alg is not RS384" },
        { TestKey.With(TestKey.Rsa.Private, "use", "enc").ToJsonString(), "not for signing" },
        { TestKey.With(TestKey.Rsa.Private, "qi", "AQAB").ToJsonString(), "make no key" },
        { """{"kty":"oct","k":"c2VjcmV0LXN5bW1ldHJpYw"}""", "neither RSA nor EC" },
        { """{"keys":[]}""", "no private key" },
        { """{"keys":[7,"x",null]}""", "no JWK" },
        { "{\"kty\":\"RSA\",", "no whole JSON object" },
        { "-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXN5bW1ldHJpYw==\n-----END PRIVATE KEY-----", "neither RSA nor EC" },
        { "", "no private key" },
        { "c2VjcmV0LXN5bW1ldHJpYw", "no private key" },
    };

    [Theory]
    [MemberData(nameof(Unusable), DisableDiscoveryEnumeration = true)]
    public async Task A_file_that_holds_no_usable_key_is_named_with_the_reason(string file, string reason)
    {
        await using var server = await Stub.StartAsync();
        using var key = new KeyOnDisk(file);
        using var bench = new Bench(Bench.WithKey(server.Base, key));

        var fault = await bench.FailAsync();

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Contains(key.Path, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.TokenRequests);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        await using var server = await Stub.StartAsync();
        using var bench = new Bench(Bench.WithSecret(server.Base) with { PrivateKeyPath = "/nowhere/key.jwk" });

        Assert.Contains("/nowhere/key.jwk cannot be read (DirectoryNotFoundException): check PrivateKeyPath", (await bench.FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_passes_over_keys_that_cannot_sign()
    {
        await using var server = await Stub.StartAsync();
        using var key = new KeyOnDisk($$"""{"keys":[{{TestKey.Rsa.Public.ToJsonString()}},{{TestKey.Curve.Jwk}}]}""");
        using var bench = new Bench(Bench.WithKey(server.Base, key));

        await bench.GetAsync();

        Assert.Equal("ec-1", (string?)server.TokenRequests[0].Header["kid"]);
    }

    [Fact]
    public async Task Of_two_keys_in_the_file_the_older_is_tried_when_the_newer_is_not_known_yet()
    {
        await using var server = await AuthServer.StartAsync(new() { Clients = [Knowing(TestKey.Rsa)] });
        using var key = new KeyOnDisk(TestKey.PrivateSet(TestKey.Curve, TestKey.Rsa));
        using var bench = new Bench(Bench.WithKey(server.Url, key));

        bench.Tokens.Invalidate(await bench.GetAsync());
        server.Register(Knowing(TestKey.Rsa, TestKey.Curve));
        await bench.GetAsync();

        Assert.Equal(["ec-1", "rsa-1", "ec-1"], server.Requests.Select(request => request.KeyId));
        Assert.Contains(bench.Log.Lines, line => line.Id == 2104);
    }

    [Fact]
    public async Task Two_keys_in_PEM_rotate_alike()
    {
        await using var server = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Jwks = TestKey.PublicSet((TestKey.OtherRsa, TestKey.OtherRsa.Thumbprint)) }] });
        using var key = new KeyOnDisk($"{TestKey.Curve.Pem}\n{TestKey.OtherRsa.Pem}");
        using var bench = new Bench(Bench.WithKey(server.Url, key));

        await bench.GetAsync();

        Assert.Equal([TestKey.Curve.Thumbprint, TestKey.OtherRsa.Thumbprint], server.Requests.Select(request => request.KeyId));
    }

    [Fact]
    public async Task A_key_replaced_on_disk_is_used_without_a_restart_and_the_old_one_until_the_server_knows_it()
    {
        await using var server = await AuthServer.StartAsync(new() { Clients = [Knowing(TestKey.Rsa)] });
        using var key = new KeyOnDisk(TestKey.Rsa.Jwk);
        using var bench = new Bench(Bench.WithKey(server.Url, key));

        bench.Tokens.Invalidate(await bench.GetAsync());
        key.Replace(TestKey.OtherRsa.Jwk);
        bench.Tokens.Invalidate(await bench.GetAsync());
        bench.Tokens.Invalidate(await bench.GetAsync());
        server.Register(Knowing(TestKey.Rsa, TestKey.OtherRsa));
        bench.Tokens.Invalidate(await bench.GetAsync());

        Assert.Equal(["rsa-1", "rsa-2", "rsa-1", "rsa-2", "rsa-1", "rsa-2"], server.Requests.Select(request => request.KeyId));

        // From here on the retired key is gone.
        server.Register(Knowing(TestKey.Rsa));
        Assert.Equal("invalid_client", (await bench.FailAsync()).Error);
        Assert.Equal("rsa-2", server.Requests[^1].KeyId);
        Assert.Equal(7, server.Requests.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"kty\":\"RS")]
    [InlineData(null)]
    public async Task A_file_that_is_being_written_leaves_the_key_read_before_in_use(string? halfWritten)
    {
        await using var server = await Stub.StartAsync();
        using var key = new KeyOnDisk(TestKey.Rsa.Jwk);
        using var bench = new Bench(Bench.WithKey(server.Base, key));
        bench.Tokens.Invalidate(await bench.GetAsync());
        if (halfWritten is null)
        {
            File.Delete(key.Path);
        }
        else
        {
            key.Replace(halfWritten);
        }

        await bench.GetAsync();

        Assert.Equal(["rsa-1", "rsa-1"], server.TokenRequests.Select(request => (string?)request.Header["kid"]));
        Assert.Contains(bench.Log.Lines, line => line.Id == 2105);
    }

    private static AuthClient Knowing(params TestKey[] keys) =>
        new("fhirmg") { Jwks = TestKey.PublicSet([.. keys.Select(key => (key, key.Kid))]) };
}
