using System.Diagnostics.CodeAnalysis;

namespace FhirMg.Service.Store;

/// <summary>Texts from outside, as they are kept.</summary>
internal static class StoredText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text without control characters, which not every database takes, and no longer than its column.</summary>
    /// <param name="text">The text; null gives null.</param>
    /// <param name="longest">Greatest length in UTF-16 units.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text, int longest)
    {
        if (text is { Length: var length } && length > longest)
        {
            text = text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
        }

        return text is null || !text.AsSpan().ContainsAnyInRange('\0', '\x1F') ? text : string.Create(text.Length, text, (kept, given) =>
        {
            for (var i = 0; i < kept.Length; i++)
            {
                kept[i] = given[i] is < ' ' and not ('\t' or '\r' or '\n') ? Replacement : given[i];
            }
        });
    }
}
