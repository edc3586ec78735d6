using System.Runtime.CompilerServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>Parses FHIR's date, dateTime and instant without allocating, by FHIR R4's grammar.</summary>
internal static class FhirTimeParser
{
    /// <summary>The length of a date; what is longer is a date with a time, or nothing.</summary>
    public const int LongestDate = 10;

    private const uint NoPair = 100;
    private static readonly FhirTime Unreadable = new(TimePrecision.Unreadable, 0, 0, 0, 0);

    /// <summary>Reads a dateTime: a year, a month, a day, or a date with a time (the zone may be missing).</summary>
    public static FhirTime DateTime(ReadOnlySpan<byte> text) => text.Length <= LongestDate ? Date(text) : Moment(text);

    /// <summary>Reads an instant: a date with a time; nothing less is one.</summary>
    public static FhirTime Instant(ReadOnlySpan<byte> text) => text.Length <= LongestDate ? Unreadable : Moment(text);

    /// <summary>Reads a date: a year, a month or a day.</summary>
    public static FhirTime Date(ReadOnlySpan<byte> text)
    {
        if (text.Length == LongestDate)
        {
            return !TryDay(text, out var number) ? Unreadable
                : new(TimePrecision.Partial, number * TimeSpan.TicksPerDay, ((number + 1L) * TimeSpan.TicksPerDay) - 1, number, number);
        }

        var month = 1;
        if (text.Length is not (4 or 7) || !Digits(text[..4], out var year) || year == 0
            || (text.Length == 7 && (text[4] != '-' || !Digits(text[5..7], out month) || month is 0 or > 12)))
        {
            return Unreadable;
        }

        var first = new DateOnly(year, month, 1);
        var last = text.Length == 4 ? new DateOnly(year, 12, 31) : new DateOnly(year, month, System.DateTime.DaysInMonth(year, month));
        return new(TimePrecision.Partial, first.DayNumber * TimeSpan.TicksPerDay,
            ((last.DayNumber + 1L) * TimeSpan.TicksPerDay) - 1, first.DayNumber, last.DayNumber);
    }

    private static FhirTime Moment(ReadOnlySpan<byte> text)
    {
        var time = text[LongestDate..];
        if (time.Length < "T00:00:00".Length || !TryDay(text, out var day) || time[0] != 'T' || time[3] != ':' || time[6] != ':')
        {
            return Unreadable;
        }

        var (hour, minute, second) = (Pair(time, 1), Pair(time, 4), Pair(time, 7));
        if (hour > 23 || minute > 59 || second > 60)
        {
            return Unreadable;
        }

        var zone = time[9..];
        var fraction = 0L;
        if (!zone.IsEmpty && zone[0] == '.' && !Fraction(ref zone, out fraction))
        {
            return Unreadable;
        }

        var ticks = (day * TimeSpan.TicksPerDay) + (((((hour * 60L) + minute) * 60L) + second) * TimeSpan.TicksPerSecond) + fraction;
        return zone.IsEmpty ? new(TimePrecision.WithoutZone, ticks, ticks, day, day)
            : Offset(zone, out var offset) ? new(TimePrecision.Exact, ticks - offset, ticks - offset, day, day)
            : Unreadable;
    }

    // YYYY-MM-DD at the beginning.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDay(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        var (century, year, month, dayOfMonth) = (Pair(text, 0), Pair(text, 2), Pair(text, 5), Pair(text, 8));
        if (century >= NoPair || year >= NoPair || century + year == 0 || text[4] != '-' || text[7] != '-' || month is 0 or > 12 || dayOfMonth == 0)
        {
            return false;
        }

        var wholeYear = (int)((century * 100) + year);
        if (dayOfMonth > System.DateTime.DaysInMonth(wholeYear, (int)month))
        {
            return false;
        }

        day = new DateOnly(wholeYear, (int)month, (int)dayOfMonth).DayNumber;
        return true;
    }

    // Two digits; more than any where it is none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Pair(ReadOnlySpan<byte> text, int at)
    {
        var (tens, ones) = ((uint)text[at] - '0', (uint)text[at + 1] - '0');
        return tens > 9 || ones > 9 ? NoPair : (tens * 10) + ones;
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
        if (zone.Length != "+00:00".Length || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != ':')
        {
            return false;
        }

        var (hours, minutes) = (Pair(zone, 1), Pair(zone, 4));
        if (minutes > 59 || hours > 14 || (hours == 14 && minutes > 0))
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
