using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Sandbox.Ehr;

/// <summary>Signs the EHR's CDS Hooks requests (ES384).</summary>
internal sealed class CdsSigner : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly ECDsaSecurityKey _key;
    private readonly ServerAddress _address;
    private readonly TimeProvider _time;

    public CdsSigner(ServerAddress address, TimeProvider time) =>
        (_address, _time, _key) = (address, time, new(_ecdsa) { KeyId = RandomNumberGenerator.GetHexString(16, lowercase: true) });

    /// <summary>The public key, as a JWK set.</summary>
    public Dictionary<string, object> Jwks()
    {
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(_key);
        return new(StringComparer.Ordinal)
        {
            ["keys"] = new[] { new Dictionary<string, string>(StringComparer.Ordinal) { ["kty"] = key.Kty, ["crv"] = key.Crv, ["x"] = key.X, ["y"] = key.Y, ["kid"] = key.KeyId, ["use"] = "sig", ["alg"] = SecurityAlgorithms.EcdsaSha384 } },
        };
    }

    /// <summary>A new token for one request to a service.</summary>
    public string Sign(Uri audience)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _address.Root,
            Audience = audience.AbsoluteUri,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Life,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["jti"] = RandomNumberGenerator.GetHexString(32, lowercase: true) },
            AdditionalHeaderClaims = new Dictionary<string, object>(StringComparer.Ordinal) { ["jku"] = $"{_address.Root}/ehr/jwks.json" },
            SigningCredentials = new(_key, SecurityAlgorithms.EcdsaSha384),
        });
    }

    public void Dispose() => _ecdsa.Dispose();
}
