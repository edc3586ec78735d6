namespace FhirMg.Cli;

/// <summary>Texts from outside made safe for a terminal and for XML: a file must not move the cursor or change colours.</summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text without control characters and lone surrogates, on one line.</summary>
    public static string Line(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsPlain(text, i))
            {
                return string.Create(text.Length, text, static (chars, source) =>
                {
                    for (var j = 0; j < chars.Length; j++)
                    {
                        chars[j] = IsPlain(source, j) ? source[j] : source[j] is '\n' or '\r' or '\t' ? ' ' : Replacement;
                    }
                });
            }
        }

        return text;
    }

    private static bool IsPlain(string text, int index)
    {
        var c = text[index];
        return char.IsSurrogate(c)
            ? char.IsHighSurrogate(c) ? index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) : index > 0 && char.IsHighSurrogate(text[index - 1])
            : !char.IsControl(c) && c is not ('\u2028' or '\u2029' or '\uFFFE' or '\uFFFF' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
    }
}
