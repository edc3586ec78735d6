using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>A hash that is the same on every machine and in every run: it decides into which partition a patient falls.</summary>
internal static class StableHash
{
    private const ulong First = 0x9E3779B97F4A7C15, Second = 0xD6E8FEB86659FD93, Third = 0xA0761D6478BD642F;

    public static ulong Of(ReadOnlySpan<byte> text, ulong seed = 0)
    {
        var hash = seed ^ First ^ ((ulong)text.Length * Second);
        while (text.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(text), Third);
            text = text[sizeof(ulong)..];
        }

        var rest = 0UL;
        for (var i = 0; i < text.Length; i++)
        {
            rest |= (ulong)text[i] << (8 * i);
        }

        return Mix(Mix(hash ^ rest, Second), First);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
