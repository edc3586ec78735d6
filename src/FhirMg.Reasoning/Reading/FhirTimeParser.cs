namespace FhirMg.Reasoning.Reading;

/// <summary>Parses FHIR's date, dateTime and instant without allocating, by FHIR R4's grammar.</summary>
internal static class FhirTimeParser
{
    private static readonly FhirTime Unreadable = new(TimePrecision.Unreadable, 0, 0, 0, 0);

    /// <summary>Reads a dateTime: a year, a month, a day, or a date with a time (the zone may be missing).</summary>
    public static FhirTime DateTime(ReadOnlySpan<byte> text) => text.Length <= "YYYY-MM-DD".Length ? Date(text) : Moment(text);

    /// <summary>Reads an instant: a date with a time; nothing less is one.</summary>
    public static FhirTime Instant(ReadOnlySpan<byte> text) => text.Length <= "YYYY-MM-DD".Length ? Unreadable : Moment(text);

    /// <summary>Reads a date: a year, a month or a day.</summary>
    public static FhirTime Date(ReadOnlySpan<byte> text)
    {
        int month = 1, day = 1;
        if (text.Length is not (4 or 7 or 10) || !Digits(text[..4], out var year) || year == 0
            || (text.Length >= 7 && (text[4] != '-' || !Digits(text[5..7], out month) || month is 0 or > 12))
            || (text.Length == 10 && (text[7] != '-' || !Digits(text[8..], out day) || day == 0 || day > System.DateTime.DaysInMonth(year, month))))
        {
            return Unreadable;
        }

        var first = new DateOnly(year, month, day);
        var last = text.Length switch
        {
            4 => new DateOnly(year, 12, 31),
            7 => new DateOnly(year, month, System.DateTime.DaysInMonth(year, month)),
            _ => first,
        };
        return new(TimePrecision.Partial, first.DayNumber * TimeSpan.TicksPerDay,
            ((last.DayNumber + 1L) * TimeSpan.TicksPerDay) - 1, first.DayNumber, last.DayNumber);
    }

    private static FhirTime Moment(ReadOnlySpan<byte> text)
    {
        var date = Date(text[..10]);
        var time = text[10..];
        if (!date.IsReadable || time.Length < "T00:00:00".Length || time[0] != 'T' || time[3] != ':' || time[6] != ':'
            || !Digits(time[1..3], out var hour) || hour > 23 || !Digits(time[4..6], out var minute) || minute > 59
            || !Digits(time[7..9], out var second) || second > 60)
        {
            return Unreadable;
        }

        var zone = time[9..];
        var fraction = 0L;
        if (!zone.IsEmpty && zone[0] == '.' && !Fraction(ref zone, out fraction))
        {
            return Unreadable;
        }

        var ticks = date.Start + (((((hour * 60L) + minute) * 60L) + second) * TimeSpan.TicksPerSecond) + fraction;
        if (zone.IsEmpty)
        {
            return date with { Precision = TimePrecision.WithoutZone, Start = ticks, End = ticks };
        }

        return Offset(zone, out var offset)
            ? date with { Precision = TimePrecision.Exact, Start = ticks - offset, End = ticks - offset }
            : Unreadable;
    }

    private static bool Fraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        var end = 1;
        for (var unit = TimeSpan.TicksPerSecond / 10; end < rest.Length && rest[end] is >= (byte)'0' and <= (byte)'9'; end++, unit /= 10)
        {
            ticks += (rest[end] - '0') * unit;
        }

        rest = rest[end..];
        return end > 1;
    }

    private static bool Offset(ReadOnlySpan<byte> zone, out long ticks)
    {
        ticks = 0;
        if (zone.SequenceEqual("Z"u8))
        {
            return true;
        }

        // +14:00 is the farthest zone there is, and FHIR's grammar ends there too.
        if (zone.Length != "+00:00".Length || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != ':'
            || !Digits(zone[1..3], out var hours) || !Digits(zone[4..], out var minutes) || minutes > 59
            || hours > 14 || (hours == 14 && minutes > 0))
        {
            return false;
        }

        ticks = ((hours * 60L) + minutes) * TimeSpan.TicksPerMinute * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return true;
    }
}
