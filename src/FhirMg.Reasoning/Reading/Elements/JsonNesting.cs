using System.Runtime.CompilerServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>What a token stands in: objects and arrays, one bit a level. Copies do not disturb each other.</summary>
internal struct JsonNesting
{
    private const int Bits = 64;

    // The innermost levels, the lowest bit the last; set for an object.
    private ulong _levels;
    private Outer? _outer;

    /// <summary>How many objects and arrays were entered and not left.</summary>
    public int Depth { get; private set; }

    /// <summary>Whether the innermost is an object.</summary>
    public readonly bool IsObject => (_levels & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(bool isObject)
    {
        if (Depth > 0 && Depth % Bits == 0)
        {
            Deeper();
        }

        _levels = (_levels << 1) | (isObject ? 1UL : 0);
        Depth++;
    }

    public void Leave()
    {
        Depth--;
        _levels >>= 1;
        if (_outer is not null && Depth % Bits == 0)
        {
            (_levels, _outer) = (_outer.Levels, _outer.Next);
        }
    }

    private void Deeper() => _outer = new(_levels, _outer);

    private sealed record Outer(ulong Levels, Outer? Next);
}
