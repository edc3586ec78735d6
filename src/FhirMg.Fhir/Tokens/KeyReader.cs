using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Fhir.Tokens;

/// <summary>Reads private keys out of a JWK, a JWK set or PEM.</summary>
internal static class KeyReader
{
    /// <summary>The keys that can sign, in the order of the text: the first is taken for the newest.</summary>
    /// <exception cref="TokenException">There is none; the message says why of each, and nothing of the keys.</exception>
    public static IReadOnlyList<SigningKey> Read(string text)
    {
        var found = (text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n') is ['{', ..] ? OfJson(text) : OfPem(text)).ToList();
        var keys = found.Select(pair => pair.Key).OfType<SigningKey>().DistinctBy(key => key.Thumbprint).ToList();
        var problems = found.Select(pair => pair.Problem).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return keys.Count > 0
            ? keys
            : throw new TokenException(problems.Count == 0 ? "it holds no private key as JWK, JWK set or PEM" : $"it holds no key that can sign: {string.Join(", ", problems)}");
    }

    private static IEnumerable<(SigningKey? Key, string? Problem)> OfJson(string text)
    {
        if (Json.TryParse(text) is not { } json)
        {
            return [(null, "it is no whole JSON object")];
        }

        return json.TryGetProperty("keys", out _) ? json.Items("keys").Select(OfJwk) : [OfJwk(json)];
    }

    private static (SigningKey? Key, string? Problem) OfJwk(JsonElement json)
    {
        try
        {
            return SigningKey.Of(new JsonWebKey(json.GetRawText()));
        }
        catch (ArgumentException)
        {
            return (null, "it is no JWK");
        }
    }

    private static List<(SigningKey? Key, string? Problem)> OfPem(string text)
    {
        var found = new List<(SigningKey?, string?)>();
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            var label = rest[fields.Label];
            if (label is "ENCRYPTED PRIVATE KEY" || rest[fields.Location].Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            {
                found.Add((null, "it is encrypted: store it unencrypted, readable by this service alone"));
            }
            else if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            {
                found.Add(OfPemBlock(rest[fields.Location]));
            }
        }

        return found;
    }

    private static (SigningKey? Key, string? Problem) OfPemBlock(ReadOnlySpan<char> block)
    {
        using var rsa = RSA.Create();
        using var curve = ECDsa.Create();
        try
        {
            return TryImport(rsa, block)
                ? SigningKey.Of(JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(true))))
                : TryImport(curve, block) ? SigningKey.Of(OfCurve(JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(curve))))
                : (null, "it is neither RSA nor EC");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return (null, "its curve is not P-384");
        }
    }

    // What the converter makes still signs with the object it was made from, which is disposed here.
    private static JsonWebKey OfCurve(JsonWebKey converted) =>
        new() { Kty = converted.Kty, Crv = converted.Crv, X = converted.X, Y = converted.Y, D = converted.D };

    private static bool TryImport(AsymmetricAlgorithm algorithm, ReadOnlySpan<char> block)
    {
        try
        {
            algorithm.ImportFromPem(block);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
