using System.Text;

namespace FhirMg.Reasoning.Reading;

/// <summary>Texts of one character, as most versions of resources have, of which there is one each.</summary>
internal static class ShortTexts
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 128).Select(character => ((char)character).ToString())];

    /// <summary>The text of these bytes where it is one character of ASCII; else null.</summary>
    public static string? Of(ReadOnlySpan<byte> utf8) => utf8.Length == 1 && Ascii.IsValid(utf8[0]) ? Texts[utf8[0]] : null;
}
