using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>A signed client assertion (RFC 7523), taken apart.</summary>
/// <param name="Header">The JOSE header.</param>
/// <param name="Claims">The claims.</param>
/// <param name="Signed">The signed bytes.</param>
/// <param name="Signature">The signature.</param>
internal sealed record ClientAssertion(JsonObject Header, JsonObject Claims, byte[] Signed, byte[] Signature)
{
    public string? KeyId => Text(Header, "kid");

    public string? Issuer => Text(Claims, "iss");

    public string? Id => Text(Claims, "jti");

    /// <summary>Null when it is not a JWT.</summary>
    public static ClientAssertion? Parse(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            return new ClientAssertion(Json(parts[0]), Json(parts[1]), Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]));
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What SMART Backend Services asks of the claims; null when all holds.</summary>
    public string? ProblemWith(string tokenUrl, DateTimeOffset now) => this switch
    {
        _ when Text(Header, "alg") is not ("RS384" or "ES384") => $"alg is {Text(Header, "alg")}, not RS384 or ES384",
        _ when Text(Header, "typ") != "JWT" => "typ is not JWT",
        _ when KeyId is null => "kid is missing",
        _ when Issuer is null || Text(Claims, "sub") != Issuer => "iss and sub are not both the client id",
        _ when !Audiences().Contains(tokenUrl) => $"aud is not {tokenUrl}",
        _ when string.IsNullOrEmpty(Id) => "jti is missing",
        _ when Seconds("exp") is null => "exp is missing",
        _ when Seconds("exp") <= now.ToUnixTimeSeconds() => "exp is in the past",
        _ when Seconds("exp") > now.AddMinutes(5).ToUnixTimeSeconds() => "exp is more than five minutes ahead",
        _ when Seconds("nbf") > now.ToUnixTimeSeconds() => "nbf is in the future",
        _ => null,
    };

    public bool IsSignedBy(JsonObject jwk)
    {
        try
        {
            if (Text(Header, "alg") == "RS384" && Text(jwk, "kty") == "RSA")
            {
                using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") });
                return rsa.VerifyData(Signed, Signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
            }

            if (Text(Header, "alg") == "ES384" && Text(jwk, "kty") == "EC" && Text(jwk, "crv") == "P-384")
            {
                var point = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") };
                using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, Q = point });
                return key.VerifyData(Signed, Signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }

            return false;
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return false;
        }
    }

    private static JsonObject Json(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();

    private static byte[] Bytes(JsonObject jwk, string name) => Base64Url.DecodeFromChars(Text(jwk, name) ?? "");

    private static string? Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private IEnumerable<string?> Audiences() => Claims["aud"] is JsonArray several ? several.Select(a => a?.ToString()) : [Text(Claims, "aud")];

    private long? Seconds(string name) => Claims[name] is JsonValue value && value.TryGetValue<double>(out var seconds) ? (long)seconds : null;
}
