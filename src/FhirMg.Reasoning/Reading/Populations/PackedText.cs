using System.Runtime.InteropServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>Texts that most identifiers and times are, in half their size.</summary>
internal static class PackedText
{
    /// <summary>Bytes of a packed UUID.</summary>
    public const int UuidBytes = 16;

    private const int UuidLength = 36;
    private const int ShortestNumeric = 3;
    private const byte NoDigit = 0xFF;
    private const string Numerals = "0123456789-:T+.Z";
    private static readonly byte[] NumeralValues = Values(Numerals);
    private static readonly byte[] HexadecimalValues = Values("0123456789abcdef");

    // For each byte its two numerals, as they lie in memory.
    private static readonly uint[] NumeralPairs = [.. Enumerable.Range(0, 256).Select(pair => Numerals[pair & 0xF] | ((uint)Numerals[pair >> 4] << 16))];

    /// <summary>Packs a text of digits and the signs of times, two to a byte.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">Room for half of it; holds anything where it is no such text.</param>
    public static bool TryPackNumeric(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        if (text.Length < ShortestNumeric)
        {
            return false;
        }

        var at = 0;
        for (; at + 1 < text.Length; at += 2)
        {
            var (low, high) = (NumeralValues[text[at]], NumeralValues[text[at + 1]]);
            if ((low | high) == NoDigit)
            {
                return false;
            }

            bytes[at / 2] = (byte)(low | (high << 4));
        }

        if (at == text.Length)
        {
            return true;
        }

        return (bytes[at / 2] = NumeralValues[text[at]]) != NoDigit;
    }

    /// <summary>The text that was packed.</summary>
    public static string UnpackNumeric(int length, ReadOnlySpan<byte> bytes) => string.Create(length, bytes, static (chars, packed) =>
    {
        for (var i = 0; i < chars.Length / 2; i++)
        {
            MemoryMarshal.Write(MemoryMarshal.AsBytes(chars[(2 * i)..]), NumeralPairs[packed[i]]);
        }

        if (chars.Length % 2 != 0)
        {
            chars[^1] = Numerals[packed[chars.Length / 2] & 0xF];
        }
    });

    /// <summary>Packs a UUID in lower case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">Room for 16 bytes; holds anything where it is none.</param>
    public static bool TryPackUuid(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        if (text.Length != UuidLength || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        for (var (at, to) = (0, 0); to < UuidBytes; at += 2, to++)
        {
            at += at is 8 or 13 or 18 or 23 ? 1 : 0;
            var (high, low) = (HexadecimalValues[text[at]], HexadecimalValues[text[at + 1]]);
            if ((low | high) == NoDigit)
            {
                return false;
            }

            bytes[to] = (byte)((high << 4) | low);
        }

        return true;
    }

    /// <summary>The UUID that was packed.</summary>
    public static string UnpackUuid(ReadOnlySpan<byte> bytes) => new Guid(bytes, bigEndian: true).ToString("D");

    private static byte[] Values(string digits)
    {
        var values = new byte[256];
        Array.Fill(values, NoDigit);
        for (byte value = 0; value < digits.Length; value++)
        {
            values[digits[value]] = value;
        }

        return values;
    }
}
