using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FhirMg.Service.Sessions;

/// <summary>Random texts that others cannot guess, and the digests that the store keeps in their place.</summary>
internal static class Opaque
{
    private const int Bytes = 32;

    /// <summary>Length of a <see cref="Digest"/>.</summary>
    public const int DigestLength = 43;

    /// <summary>A new random text of 256 bits, safe in urls and cookies.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The SHA-256 of a text, as base64url: also the PKCE challenge (S256) of a verifier.</summary>
    public static string Digest(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether one of the texts has the digest, in a time that tells nothing of it.</summary>
    public static bool Fits(IEnumerable<string> texts, string digest) =>
        texts.Any(text => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Digest(text)), Encoding.ASCII.GetBytes(digest)));
}
