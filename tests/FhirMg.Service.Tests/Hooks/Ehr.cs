using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>A CDS client: signs tokens, and publishes its keys.</summary>
internal sealed class Ehr : IAsyncDisposable
{
    public const string Issuer = "https://ehr.example.org";
    private readonly WebApplication _application;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private int _count;

    private Ehr(WebApplication application) => _application = application;

    public Uri JwksUri { get; private set; } = null!;

    public int KeysFetched { get; private set; }

    /// <summary>Whether its key set cannot be had just now.</summary>
    public bool IsAway { get; set; }

    /// <summary>What else its key set holds.</summary>
    public List<string> MoreKeys { get; } = [];

    public string KeyId { get; private set; } = "k1";

    public static async Task<Ehr> StartAsync(TimeSpan slowness = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var application = builder.Build();
        var ehr = new Ehr(application);
        application.MapGet("/jwks", async () =>
        {
            ehr.KeysFetched++;
            await Task.Delay(slowness);
            return ehr.IsAway ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.Text(ehr.Jwks(), "application/json");
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        ehr.JwksUri = new($"{application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/jwks");
        return ehr;
    }

    /// <summary>Makes a new key, under a new id; the old one is published no more.</summary>
    public void Rotate()
    {
        _key.GenerateKey(ECCurve.NamedCurves.nistP384);
        KeyId = "k2";
    }

    public Dictionary<string, string?> Settings(Dictionary<string, string?> settings)
    {
        settings["Servers:0:AllowUnauthenticatedCds"] = "false";
        settings["Servers:0:CdsClients:0:Issuer"] = Issuer;
        settings["Servers:0:CdsClients:0:JwksUri"] = JwksUri.AbsoluteUri;
        return settings;
    }

    public Dictionary<string, object> Claims(string service = Call.PatientView) => new(StringComparer.Ordinal)
    {
        ["iss"] = Issuer,
        ["aud"] = $"https://fhirmg.example.org/cds-services/{service}",
        ["iat"] = SampleTime.AsOf.ToUnixTimeSeconds(),
        ["exp"] = SampleTime.AsOf.AddMinutes(5).ToUnixTimeSeconds(),
        ["jti"] = $"jti-{_count++}",
    };

    public string Sign(Dictionary<string, object> claims, string? keyId = null, string? jku = null, string type = "JWT", SigningCredentials? with = null)
    {
        var credentials = with ?? new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = keyId ?? KeyId }, "ES384");
        var more = new Dictionary<string, object>();
        if (jku is not null)
        {
            more["jku"] = jku;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = credentials, TokenType = type, AdditionalHeaderClaims = more });
    }

    public string Token(string service = Call.PatientView) => Sign(Claims(service));

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _key.Dispose();
    }

    public string Jwks()
    {
        var point = _key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray([new JsonObject
            {
                ["kty"] = "EC", ["crv"] = "P-384", ["kid"] = KeyId, ["use"] = "sig", ["alg"] = "ES384",
                ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y),
            }, .. MoreKeys.Select(key => JsonNode.Parse(key))]),
        }.ToJsonString();
    }
}
