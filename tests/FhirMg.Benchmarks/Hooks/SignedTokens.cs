using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Benchmarks.Hooks;

/// <summary>A CDS client's ES384 tokens, each with an id of its own, made before the time is taken.</summary>
internal sealed class SignedTokens : IDisposable
{
    public const string Issuer = "https://ehr.example.org";
    private const string KeyId = "k1";

    // As the specification advises. What is remembered of used tokens is remembered until they expire, so with longer ones it would grow for longer.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private long _count = TimeProvider.System.GetUtcNow().UtcTicks;

    /// <summary>The public key, as a JWK set.</summary>
    public string Jwks()
    {
        var point = _key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "EC", ["crv"] = "P-384", ["kid"] = KeyId, ["use"] = "sig", ["alg"] = "ES384",
                ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y),
            }),
        }.ToJsonString();
    }

    public string[] Mint(int count, string audience)
    {
        var now = TimeProvider.System.GetUtcNow();
        var credentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = KeyId }, "ES384");
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var first = Interlocked.Add(ref _count, count) - count;
        var tokens = new string[count];
        Parallel.For(0, count, i => tokens[i] = handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "JWT",
            SigningCredentials = credentials,
            Claims = new Dictionary<string, object>
            {
                ["iss"] = Issuer,
                ["aud"] = audience,
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = now.Add(Lifetime).ToUnixTimeSeconds(),
                ["jti"] = (first + i).ToString(CultureInfo.InvariantCulture),
            },
        }));
        return tokens;
    }

    public void Dispose() => _key.Dispose();
}
