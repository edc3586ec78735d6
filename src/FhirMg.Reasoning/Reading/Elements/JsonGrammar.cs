namespace FhirMg.Reasoning.Reading;

/// <summary>Numbers and escapes of JSON (RFC 8259, sections 6 and 7).</summary>
internal static class JsonGrammar
{
    /// <summary>Bytes of the number at the beginning; 0 when there is none.</summary>
    public static int NumberLength(ReadOnlySpan<byte> text)
    {
        var at = !text.IsEmpty && text[0] == '-' ? 1 : 0;
        var whole = Digits(text, at);
        if (whole == 0 || (whole > 1 && text[at] == '0'))
        {
            return 0;
        }

        at += whole;
        if ((uint)at < (uint)text.Length && text[at] == '.')
        {
            var fraction = Digits(text, at + 1);
            if (fraction == 0)
            {
                return 0;
            }

            at += fraction + 1;
        }

        if ((uint)at < (uint)text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            at += (uint)at < (uint)text.Length && text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            var exponent = Digits(text, at);
            return exponent == 0 ? 0 : at + exponent;
        }

        return at;
    }

    /// <summary>Whether a number or word ends before this.</summary>
    public static bool EndsWord(ReadOnlySpan<byte> rest) => rest.IsEmpty || rest[0] is (byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    /// <summary>Whether every backslash of a text begins an escape.</summary>
    public static bool EscapesAreValid(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'\\'); at >= 0; at = text.IndexOf((byte)'\\'))
        {
            var length = EscapeLength(text[at..]);
            if (length == 0)
            {
                return false;
            }

            text = text[(at + length)..];
        }

        return true;
    }

    private static int Digits(ReadOnlySpan<byte> text, int from)
    {
        var at = from;
        while ((uint)at < (uint)text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        return at - from;
    }

    // Bytes of the escape at the beginning; 0 when it is none of JSON's.
    private static int EscapeLength(ReadOnlySpan<byte> text)
    {
        const int Short = 2;
        const int Long = 6;
        if (text.Length < Short)
        {
            return 0;
        }

        if (text[1] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(text[1]) ? Short : 0;
        }

        if (text.Length < Long)
        {
            return 0;
        }

        foreach (var digit in text[Short..Long])
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return 0;
            }
        }

        return Long;
    }
}
