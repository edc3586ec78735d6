using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// Passes over JSON as nearly every server writes it: no white space between tokens, no escapes in what is looked at. Every method
/// tells whether it found that; where it did not, nothing is known, and the reader is to decide.
/// </summary>
internal ref struct PlainText(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Takes a byte.</summary>
    public bool TryTake(byte expected)
    {
        if (_rest.IsEmpty || _rest[0] != expected)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    /// <summary>Takes the brace that ends the whole.</summary>
    public readonly bool IsAtEnd => _rest.Length == 1 && _rest[0] == '}';

    /// <summary>Takes a member's name with what stands before it (a brace or a comma) and the colon behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryName(byte before, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (_rest.Length < 4 || _rest[0] != before || _rest[1] != '"')
        {
            return false;
        }

        var text = _rest[2..];
        var end = EndOfText(text);
        if (end < 0 || text[end] != '"' || end + 1 >= text.Length || text[end + 1] != ':')
        {
            return false;
        }

        name = text[..end];
        _rest = text[(end + 2)..];
        return true;
    }

    /// <summary>Takes a text without escapes.</summary>
    public bool TryText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_rest.IsEmpty || _rest[0] != '"')
        {
            return false;
        }

        var inner = _rest[1..];
        var end = EndOfText(inner);
        if (end < 0 || inner[end] != '"')
        {
            return false;
        }

        text = inner[..end];
        _rest = inner[(end + 1)..];
        return true;
    }

    /// <summary>Takes a value of any kind.</summary>
    public bool TryPassValue()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest[0] == '"')
        {
            return TryText(out _);
        }

        if (_rest[0] is (byte)'{' or (byte)'[')
        {
            var length = NestedValue.Length(_rest);
            _rest = _rest[length..];
            return length > 0;
        }

        var end = _rest.IndexOfAny((byte)',', (byte)'}');
        _rest = end > 0 ? _rest[end..] : _rest;
        return end > 0;
    }

    // Where the first quotation mark or backslash stands; most texts are short.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOfText(ReadOnlySpan<byte> text)
    {
        if (!Vector256.IsHardwareAccelerated || text.Length < Vector256<byte>.Count)
        {
            return text.IndexOfAny((byte)'"', (byte)'\\');
        }

        var block = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(text));
        var found = (Vector256.Equals(block, Vector256.Create((byte)'"')) | Vector256.Equals(block, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
        if (found != 0)
        {
            return BitOperations.TrailingZeroCount(found);
        }

        var further = text[Vector256<byte>.Count..].IndexOfAny((byte)'"', (byte)'\\');
        return further < 0 ? further : further + Vector256<byte>.Count;
    }
}
