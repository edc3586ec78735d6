using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>What the rest of a line may still hold.</summary>
internal enum Suspicion
{
    /// <summary>Nothing that a rule asks for.</summary>
    None,

    /// <summary>Components, which may be what is asked for.</summary>
    Component,

    /// <summary>A further code, or an escape that may hide one.</summary>
    Other,
}

/// <summary>Concepts of which no code is asked for.</summary>
internal static class OtherConcept
{
    /// <summary>Passes over a CodeableConcept <c>{"coding":[{"system":"…","code":"…","display":"…"}],"text":"…"}</c>.</summary>
    /// <param name="text">At its brace; behind it, when it is such a one.</param>
    /// <param name="index">The codes asked for: it must have none of these; null when any may stand there.</param>
    /// <param name="systems">The systems of its codes, as bits of <see cref="CodeSystemKind"/>.</param>
    public static bool TryPass(ref PlainText text, CodeIndex? index, out uint systems)
    {
        systems = 0;
        if (!text.TryName((byte)'{', out var name) || !name.SequenceEqual("coding"u8) || !text.TryTake((byte)'['))
        {
            return false;
        }

        do
        {
            if (!TryPassCoding(ref text, index, ref systems))
            {
                return false;
            }
        }
        while (text.TryTake((byte)','));

        return text.TryTake((byte)']')
            && (!text.TryName((byte)',', out name) || (name.SequenceEqual("text"u8) && text.TryText(out _)))
            && text.TryTake((byte)'}');
    }

    /// <summary>What may still matter behind the code of an Observation that is none of ours: a component, or another code, of which the later would count.</summary>
    public static Suspicion Behind(ReadOnlySpan<byte> rest)
    {
        const int Looked = 2;
        var suspicion = Suspicion.None;
        var at = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref var start = ref MemoryMarshal.GetReference(rest);
            for (; at + Looked + Vector256<byte>.Count <= rest.Length; at += Vector256<byte>.Count)
            {
                // "co… or a backslash.
                var first = Vector256.LoadUnsafe(ref start, (nuint)at);
                var found = ((Vector256.Equals(first, Vector256.Create((byte)'"'))
                        & Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)at + 1), Vector256.Create((byte)'c'))
                        & Vector256.Equals(Vector256.LoadUnsafe(ref start, (nuint)at + Looked), Vector256.Create((byte)'o')))
                    | Vector256.Equals(first, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
                for (; found != 0; found &= found - 1)
                {
                    if (At(rest[(at + BitOperations.TrailingZeroCount(found))..], ref suspicion))
                    {
                        return Suspicion.Other;
                    }
                }
            }
        }

        for (; at < rest.Length; at++)
        {
            if (rest[at] is (byte)'"' or (byte)'\\' && At(rest[at..], ref suspicion))
            {
                return Suspicion.Other;
            }
        }

        return suspicion;
    }

    private static bool At(ReadOnlySpan<byte> rest, ref Suspicion suspicion)
    {
        if (rest.StartsWith("\"component\""u8))
        {
            suspicion = Suspicion.Component;
        }

        return rest.StartsWith("\"code\":{"u8) || rest.StartsWith("\\u"u8);
    }

    private static bool TryPassCoding(ref PlainText text, CodeIndex? index, ref uint systems)
    {
        ReadOnlySpan<byte> system = default, code = default;
        for (var before = (byte)'{'; text.TryName(before, out var name); before = (byte)',')
        {
            if (!text.TryText(out var value))
            {
                return false;
            }

            if (name.SequenceEqual("system"u8))
            {
                system = value;
            }
            else if (name.SequenceEqual("code"u8))
            {
                code = value;
            }
        }

        if (!text.TryTake((byte)'}'))
        {
            return false;
        }

        if (index is null)
        {
            return true;
        }

        var sets = index.Find(system, code, out var kind);
        systems |= 1u << (int)kind;
        return sets == 0;
    }
}
