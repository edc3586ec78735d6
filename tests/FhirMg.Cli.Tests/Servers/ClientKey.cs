using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Cli.Tests.Servers;

/// <summary>A client's key: private in PEM, public as a JWK set whose kid is the thumbprint (RFC 7638).</summary>
internal sealed class ClientKey
{
    public ClientKey()
    {
        using var rsa = RSA.Create(2048);
        var open = rsa.ExportParameters(includePrivateParameters: false);
        var (n, e) = (Base64Url.EncodeToString(open.Modulus), Base64Url.EncodeToString(open.Exponent));
        var kid = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"e":"{{e}}","kty":"RSA","n":"{{n}}"}""")));
        Pem = rsa.ExportPkcs8PrivateKeyPem();
        Public = JsonNode.Parse($$"""{"keys":[{"kty":"RSA","n":"{{n}}","e":"{{e}}","kid":"{{kid}}"}]}""")!.AsObject();
    }

    public string Pem { get; }

    public JsonObject Public { get; }
}
