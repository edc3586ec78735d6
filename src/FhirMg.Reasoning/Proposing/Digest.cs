using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace FhirMg.Reasoning.Proposing;

/// <summary>Deterministic identifiers: the same parts give the same identifier, any change another.</summary>
internal static class Digest
{
    private const int Length = 32;

    /// <summary>SHA-256 of the parts, in lower-case hexadecimal.</summary>
    public static string Of(IEnumerable<string?> parts)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[512]);
        foreach (var part in parts)
        {
            // Lengths keep ("ab", "c") apart from ("a", "bc"), and absence from emptiness.
            if (part is null)
            {
                text.AppendLiteral("-");
            }
            else
            {
                text.AppendFormatted(part.Length);
                text.AppendLiteral(":");
                text.AppendLiteral(part);
            }

            text.AppendLiteral("|");
        }

        Span<byte> digest = stackalloc byte[Length];
        Of(text.Text, digest);
        text.Clear();
        return Convert.ToHexStringLower(digest);
    }

    private static void Of(ReadOnlySpan<char> text, Span<byte> digest)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), digest);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>A uuid that follows from a digest, as <c>urn:uuid:…</c> (version 8, RFC 9562).</summary>
    public static string Uuid(string digest) => $"urn:uuid:{digest[..8]}-{digest[8..12]}-8{digest[13..16]}-8{digest[17..20]}-{digest[20..32]}";
}
