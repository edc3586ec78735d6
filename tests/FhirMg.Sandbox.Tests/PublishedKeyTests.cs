using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Sandbox.Tests;

/// <summary>A client whose keys are at a url, and change.</summary>
public sealed class PublishedKeyTests
{
    private static ECDsaSecurityKey First { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP384)) { KeyId = "k-1" };

    private static ECDsaSecurityKey Second { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP384)) { KeyId = "k-2" };

    private static ECDsaSecurityKey Third { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP384)) { KeyId = "k-3" };

    [Fact]
    public async Task Keys_are_fetched_when_a_kid_is_new_and_those_that_went_are_not_taken()
    {
        ECDsaSecurityKey[] published = [First];
        var reads = 0;
        await using var keys = await ServeAsync(() =>
        {
            reads++;
            return Set(published);
        });
        await using var hospital = await Hospital.OpenAsync(new() { RequireToken = true, Clients = [new() { ClientId = "remote", JwksUri = new(new Uri(keys.Urls.Single()), "jwks.json"), BackendService = true }] });
        Task<HttpStatusCode> AskAsync(ECDsaSecurityKey key) => TokenAsync(hospital, key);

        Assert.Equal(HttpStatusCode.OK, await AskAsync(First));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(First));
        Assert.Equal(1, reads);
        published = [First, Second];
        await Task.Delay(TimeSpan.FromSeconds(2.2), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(Second));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(First));
        published = [Second];
        await Task.Delay(TimeSpan.FromSeconds(2.2), TestContext.Current.CancellationToken);
        Assert.NotEqual(HttpStatusCode.OK, await AskAsync(Third));
        Assert.NotEqual(HttpStatusCode.OK, await AskAsync(First));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(Second));
    }

    [Fact]
    public async Task Keys_that_cannot_be_read_are_said()
    {
        await using var hospital = await Hospital.OpenAsync(new() { Clients = [new() { ClientId = "remote", JwksUri = new("http://127.0.0.1:9/jwks.json"), BackendService = true }] });
        var app = new SmartApp(hospital, "remote", key: First);
        var (_, body) = await app.TokenAsync(("grant_type", "client_credentials"), ("scope", "system/*.rs"));
        Assert.Equal("invalid_client", (string)body["error"]!);
        Assert.Contains("http://127.0.0.1:9/jwks.json", (string)body["error_description"]!);
    }

    private static async Task<HttpStatusCode> TokenAsync(Hospital hospital, ECDsaSecurityKey key) =>
        (await new SmartApp(hospital, "remote", key: key).TokenAsync(("grant_type", "client_credentials"), ("scope", "system/*.rs"))).Status;

    private static string Set(IEnumerable<ECDsaSecurityKey> keys) => JsonSerializer.Serialize(new
    {
        keys = keys.Select(JsonWebKeyConverter.ConvertFromECDsaSecurityKey).Select(key => new { kty = key.Kty, crv = key.Crv, x = key.X, y = key.Y, kid = key.Kid, use = "sig", alg = "ES384" }),
    });

    private static async Task<WebApplication> ServeAsync(Func<string> set)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        application.MapGet("/jwks.json", () => Results.Text(set(), "application/json"));
        await application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }
}
