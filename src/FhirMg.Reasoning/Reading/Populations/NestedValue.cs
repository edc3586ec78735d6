using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FhirMg.Reasoning.Reading;

/// <summary>Finds the end of an object or array without reading it, 64 bytes at a time.</summary>
internal static class NestedValue
{
    private const int Block = 64;

    /// <summary>Bytes of the object or array at the beginning of the text; 0 when it does not end there, or an escape makes it hard to tell.</summary>
    public static int Length(ReadOnlySpan<byte> text)
    {
        var (depth, inString) = (0, 0UL);
        for (var at = 0; at < text.Length; at += Block)
        {
            var block = text[at..];
            if (block.Length < Block)
            {
                Span<byte> last = stackalloc byte[Block];
                last.Clear();
                block.CopyTo(last);
                return Step(last, ref depth, ref inString) is >= 0 and var found ? at + found + 1 : 0;
            }

            var end = Step(block, ref depth, ref inString);
            if (end >= 0)
            {
                return at + end + 1;
            }

            if (end == Unsure)
            {
                return 0;
            }
        }

        return 0;
    }

    private const int Unsure = -2;

    // The position where depth falls to nothing; -1 when it does not.
    private static int Step(ReadOnlySpan<byte> block, ref int depth, ref ulong inString)
    {
        var (left, right) = (Vector256.Create(block), Vector256.Create(block[32..]));
        if ((Vector256.Equals(left, Vector256.Create((byte)'\\')) | Vector256.Equals(right, Vector256.Create((byte)'\\'))) != Vector256<byte>.Zero)
        {
            return Unsure;
        }

        var strings = JsonIndex.PrefixXor(Mask(left, right, (byte)'"')) ^ inString;
        inString = (ulong)((long)strings >> 63);

        // Braces and brackets differ in one bit only from each other.
        var (leftLow, rightLow) = (left | Vector256.Create((byte)0x20), right | Vector256.Create((byte)0x20));
        var opening = Mask(leftLow, rightLow, (byte)'{') & ~strings;
        var closing = Mask(leftLow, rightLow, (byte)'}') & ~strings;
        if (depth > BitOperations.PopCount(closing))
        {
            depth += BitOperations.PopCount(opening) - BitOperations.PopCount(closing);
            return -1;
        }

        for (var rest = opening | closing; rest != 0; rest &= rest - 1)
        {
            var bit = rest & (~rest + 1);
            depth += (opening & bit) != 0 ? 1 : -1;
            if (depth == 0)
            {
                return BitOperations.TrailingZeroCount(bit);
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector256<byte> left, Vector256<byte> right, byte value) =>
        Vector256.Equals(left, Vector256.Create(value)).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(right, Vector256.Create(value)).ExtractMostSignificantBits() << 32);
}
