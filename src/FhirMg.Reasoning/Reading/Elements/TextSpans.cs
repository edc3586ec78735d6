using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>Texts of the input as spans: an absent one is <c>default</c>, an empty one is not.</summary>
internal static class TextSpans
{
    /// <summary>Whether the element was there, be it an empty text.</summary>
    public static bool IsGiven(this ReadOnlySpan<byte> text) => !Unsafe.IsNullRef(ref MemoryMarshal.GetReference(text));
}
