using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPackUuid(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        if (text.Length != UuidLength || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        // The 32 digits, as they lie in memory without the hyphens.
        return TryPackHexadecimal(Vector256.Create(
            MemoryMarshal.Read<ulong>(text),
            MemoryMarshal.Read<uint>(text[9..]) | ((ulong)MemoryMarshal.Read<uint>(text[14..]) << 32),
            MemoryMarshal.Read<uint>(text[19..]) | ((ulong)MemoryMarshal.Read<uint>(text[24..]) << 32),
            MemoryMarshal.Read<ulong>(text[28..])).AsByte(), bytes);
    }

    // All 32 digits at once: their values, then two to a byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryPackHexadecimal(Vector256<byte> digits, Span<byte> bytes)
    {
        var (decimals, letters) = (digits - Vector256.Create((byte)'0'), digits - Vector256.Create((byte)'a'));
        var areDecimals = Vector256.LessThan(decimals, Vector256.Create((byte)10));
        if ((areDecimals | Vector256.LessThan(letters, Vector256.Create((byte)6))) != Vector256<byte>.AllBitsSet)
        {
            return false;
        }

        var values = Vector256.ConditionalSelect(areDecimals, decimals, letters + Vector256.Create((byte)10)).AsUInt16();
        var pairs = ((values & Vector256.Create((ushort)0xFF)) << 4) | (values >> 8);
        Vector128.Narrow(pairs.GetLower(), pairs.GetUpper()).CopyTo(bytes);
        return true;
    }

    /// <summary>The UUID that was packed.</summary>
    /// <param name="bytes">It.</param>
    /// <param name="before">What stands before it in the text.</param>
    public static string UnpackUuid(ReadOnlySpan<byte> bytes, string before = "") =>
        string.Create(before.Length + UuidLength, (before, new Guid(bytes, bigEndian: true)), static (text, parts) =>
        {
            var (before, uuid) = parts;
            before.CopyTo(text);
            uuid.TryFormat(text[before.Length..], out _, "D");
        });

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
