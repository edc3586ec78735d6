using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Tests.Operations;

/// <summary>An authorization server whose tokens the API takes: OpenID discovery and keys.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private const string Audience = "fhirmg-api";
    private const string Scope = "fhirmg";
    private readonly WebApplication _application;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private Authority(WebApplication application) => _application = application;

    public Uri Url => new(_application.Urls.First());

    public static async Task<Authority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var application = builder.Build();
        var authority = new Authority(application);
        application.MapGet("/.well-known/openid-configuration", () => Results.Text(
            new JsonObject { ["issuer"] = authority.Url.AbsoluteUri, ["jwks_uri"] = $"{authority.Url}jwks" }.ToJsonString(), "application/json"));
        application.MapGet("/jwks", () => Results.Text(authority.Jwks(), "application/json"));
        await application.StartAsync(TestContext.Current.CancellationToken);
        return authority;
    }

    public Dictionary<string, string?> Settings(Dictionary<string, string?> settings)
    {
        settings["Api:Authority"] = Url.AbsoluteUri;
        settings["Api:Audience"] = Audience;
        settings["Api:RequiredScope"] = Scope;
        return settings;
    }

    public string Token(string audience = Audience, string scope = Scope, TimeSpan? lifetime = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["iss"] = Url.AbsoluteUri,
                ["aud"] = audience,
                ["scope"] = $"openid {scope}",
                ["client_id"] = "a-client",
                ["sub"] = "u1",
                ["fhirUser"] = "Practitioner/a",
                ["iat"] = now.AddHours(-2).ToUnixTimeSeconds(),
                ["exp"] = (now + (lifetime ?? TimeSpan.FromMinutes(10))).ToUnixTimeSeconds(),
            },
            SigningCredentials = new(new ECDsaSecurityKey(_key) { KeyId = "a" }, "ES256"),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _key.Dispose();
    }

    private string Jwks()
    {
        var point = _key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = "a", ["use"] = "sig", ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y),
            }),
        }.ToJsonString();
    }
}
