using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>A private key in a file of its own.</summary>
internal sealed class KeyOnDisk : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fhirmg-key");

    public KeyOnDisk(string text) => Replace(text);

    public string Path => System.IO.Path.Combine(_directory.FullName, "key");

    public void Replace(string text) => File.WriteAllText(Path, text);

    public void Dispose() => _directory.Delete(recursive: true);
}

/// <summary>A key pair, written in every way; thumbprints are computed here by RFC 7638 and not by the library under test.</summary>
internal sealed class TestKey
{
    public static readonly TestKey Rsa = OfRsa(2048, "rsa-1");
    public static readonly TestKey OtherRsa = OfRsa(2048, "rsa-2");
    public static readonly TestKey Curve = OfCurve(ECCurve.NamedCurves.nistP384, "P-384", "ec-1");

    private TestKey(string kid, JsonObject @public, JsonObject @private, string pem, string oldPem, string encryptedPem) =>
        (Kid, Public, Private, Pem, OldPem, EncryptedPem) = (kid, @public, @private, pem, oldPem, encryptedPem);

    public string Kid { get; }

    /// <summary>The public JWK, without a kid.</summary>
    public JsonObject Public { get; }

    /// <summary>The private JWK, without a kid.</summary>
    public JsonObject Private { get; }

    /// <summary>PKCS 8.</summary>
    public string Pem { get; }

    /// <summary>PKCS 1 or SEC 1.</summary>
    public string OldPem { get; }

    public string EncryptedPem { get; }

    public string Jwk => With(Private, "kid", Kid).ToJsonString();

    /// <summary>RFC 7638: the required members in order, without blanks.</summary>
    public string Thumbprint
    {
        get
        {
            var names = Public["kty"]!.ToString() == "RSA" ? new[] { "e", "kty", "n" } : ["crv", "kty", "x", "y"];
            var text = $"{{{string.Join(',', names.Select(name => $"\"{name}\":\"{Public[name]}\""))}}}";
            return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }
    }

    public static TestKey OfRsa(int bits, string kid)
    {
        using var rsa = RSA.Create(bits);
        var p = rsa.ExportParameters(true);
        var open = new JsonObject { ["kty"] = "RSA", ["n"] = Text(p.Modulus), ["e"] = Text(p.Exponent) };
        var secret = open.DeepClone().AsObject();
        foreach (var (name, value) in new[] { ("d", p.D), ("p", p.P), ("q", p.Q), ("dp", p.DP), ("dq", p.DQ), ("qi", p.InverseQ) })
        {
            secret[name] = Text(value);
        }

        return new(kid, open, secret, rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem(), rsa.ExportEncryptedPkcs8PrivateKeyPem("password", Encryption));
    }

    public static TestKey OfCurve(ECCurve curve, string name, string kid)
    {
        using var key = ECDsa.Create(curve);
        var p = key.ExportParameters(true);
        var open = new JsonObject { ["kty"] = "EC", ["crv"] = name, ["x"] = Text(p.Q.X), ["y"] = Text(p.Q.Y) };
        var secret = With(open, "d", Text(p.D));
        return new(kid, open, secret, key.ExportPkcs8PrivateKeyPem(), key.ExportECPrivateKeyPem(), key.ExportEncryptedPkcs8PrivateKeyPem("password", Encryption));
    }

    /// <summary>A public JWK set, each key by its kid.</summary>
    public static JsonObject PublicSet(params (TestKey Key, string Kid)[] keys) =>
        new() { ["keys"] = new JsonArray([.. keys.Select(pair => With(pair.Key.Public, "kid", pair.Kid))]) };

    public static string PrivateSet(params TestKey[] keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => JsonNode.Parse(key.Jwk))]) }.ToJsonString();

    public static JsonObject With(JsonObject json, string name, string value)
    {
        var copy = json.DeepClone().AsObject();
        copy[name] = value;
        return copy;
    }

    private static PbeParameters Encryption => new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    private static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);
}
