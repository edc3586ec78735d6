using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FhirMg.Reasoning.Proposing;

/// <summary>Puts parts together, as UTF-8, into the text of which an identifier is the digest.</summary>
/// <param name="bytes">Where it is put together while there is room.</param>
internal ref struct DigestText(Span<byte> bytes)
{
    /// <summary>Bytes that the text of a proposal's identifier commonly needs.</summary>
    public const int CommonLength = 512;
    private const int DigestLength = 32;

    // The digits of a length, and what stands around a part.
    private const int MostAround = 16;

    // To make and free one costs a fifth of a digest.
    [ThreadStatic]
    private static IncrementalHash? _hash;
    private Span<byte> _bytes = bytes;
    private byte[]? _rented;
    private int _length;

    /// <summary>Adds a part: lengths keep ("ab", "c") apart from ("a", "bc"), and absence from emptiness.</summary>
    public void Add(string? part)
    {
        if (part is null)
        {
            Reserve(MostAround);
            _bytes[_length++] = (byte)'-';
        }
        else
        {
            Reserve(Encoding.UTF8.GetMaxByteCount(part.Length) + MostAround);
            part.Length.TryFormat(_bytes[_length..], out var digits, provider: CultureInfo.InvariantCulture);
            _length += digits;
            _bytes[_length++] = (byte)':';
            _length += Encoding.UTF8.GetBytes(part, _bytes[_length..]);
        }

        _bytes[_length++] = (byte)'|';
    }

    /// <summary>The digest: SHA-256 of all parts, in lower-case hexadecimal. Nothing can be added behind it.</summary>
    public string End()
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash.AppendData(_bytes[.._length]);
        _hash.GetHashAndReset(digest);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }

        return Convert.ToHexStringLower(digest);
    }

    private void Reserve(int wanted)
    {
        if (_bytes.Length - _length >= wanted)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + wanted));
        _bytes[.._length].CopyTo(larger);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _bytes = _rented = larger;
    }
}
