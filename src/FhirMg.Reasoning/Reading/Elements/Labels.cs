namespace FhirMg.Reasoning.Reading;

/// <summary>Words for people from the input's codes.</summary>
internal static class Labels
{
    private const int Longest = 120;

    /// <summary>Code and display of what a concept was matched by, shortened; null when it has neither.</summary>
    public static string? Of(ref ElementReader reader, in Concept concept)
    {
        var (code, display) = (reader.Text(Shorten(concept.Code)), reader.Text(Shorten(concept.Display)));
        return code is null ? display : display is null ? code : $"{code} {display}";
    }

    /// <summary>The beginning of a text, cut between two characters.</summary>
    public static ReadOnlySpan<byte> Shorten(ReadOnlySpan<byte> text)
    {
        if (text.Length <= Longest)
        {
            return text;
        }

        var end = Longest;
        while ((text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return text[..end];
    }
}
