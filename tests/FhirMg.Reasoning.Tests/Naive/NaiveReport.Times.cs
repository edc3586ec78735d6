using System.Globalization;
using System.Text.RegularExpressions;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    // Start and End are UTC ticks, both included; FirstDay and LastDay are the calendar days as written.
    private sealed record Moment(long Start, long End, bool HasZone, DateOnly FirstDay, DateOnly LastDay)
    {
        public bool BeginsAfter(Moment other) => Start > other.End;
    }

    private static readonly Regex TimeForm = new(
        @"^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?\z",
        RegexOptions.CultureInvariant);

    private static Moment? ReadTime(string? text, bool instant = false)
    {
        var match = TimeForm.Match(text ?? "");
        if (!match.Success)
        {
            return null;
        }

        int Part(int group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : -1;
        int year = Part(1), month = Part(2), day = Part(3), hour = Part(4), minute = Part(5), second = Part(6);
        if (year == 0 || month is 0 or > 12 || day == 0 || (day > 0 && day > DateTime.DaysInMonth(year, month)))
        {
            return null;
        }

        if (hour < 0)
        {
            return instant ? null : Day(year, month, day);
        }

        if (hour > 23 || minute > 59 || second > 60)
        {
            return null;
        }

        var fraction = match.Groups[7].Success
            ? (long)(decimal.Parse("0" + match.Groups[7].Value, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)
            : 0;
        var date = new DateOnly(year, month, day);
        var ticks = new DateTime(year, month, day).Ticks + (hour * TimeSpan.TicksPerHour)
            + (minute * TimeSpan.TicksPerMinute) + (second * TimeSpan.TicksPerSecond) + fraction;
        var zone = match.Groups[8].Value;
        if (zone.Length == 6)
        {
            var hours = int.Parse(zone[1..3], CultureInfo.InvariantCulture);
            var minutes = int.Parse(zone[4..6], CultureInfo.InvariantCulture);
            if (minutes > 59 || hours > 14 || (hours == 14 && minutes > 0))
            {
                return null;
            }

            var offset = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
            ticks += zone[0] == '+' ? -offset : offset;
        }

        return new Moment(ticks, ticks, zone.Length > 0, date, date);
    }

    private static Moment Day(int year, int month, int day)
    {
        var first = new DateOnly(year, month < 0 ? 1 : month, day < 0 ? 1 : day);
        var last = month < 0 ? new DateOnly(year, 12, 31)
            : day < 0 ? new DateOnly(year, month, DateTime.DaysInMonth(year, month))
            : first;
        return new Moment(
            first.ToDateTime(TimeOnly.MinValue).Ticks, last.ToDateTime(TimeOnly.MinValue).Ticks + TimeSpan.TicksPerDay - 1,
            false, first, last);
    }

    private static bool IsFuture(Moment when, long asOf) =>
        when.Start - asOf > (when.HasZone ? 10 * TimeSpan.TicksPerMinute : 14 * TimeSpan.TicksPerHour);

    private static bool Within(Moment when, long asOf, int days) => when.Start >= asOf - (days * TimeSpan.TicksPerDay);

    private static Moment? ReadBirth(string? text) => text is null || text.Contains('T', StringComparison.Ordinal) ? null : ReadTime(text);

    private static int Months(DateOnly from, DateOnly to) =>
        ((to.Year - from.Year) * 12) + to.Month - from.Month - (to.Day < from.Day ? 1 : 0);

    // 0 under 2 days · 1 to 5 months · 2 to 6 years · 3 to 12 · 4 to 18 · 5 to 20 · 6 from 20.
    private static int AgeBand(DateOnly birth, DateOnly on)
    {
        var months = Months(birth, on);
        return on.DayNumber - birth.DayNumber < 2 ? 0
            : months < 5 ? 1
            : months < 6 * 12 ? 2
            : months < 12 * 12 ? 3
            : months < 18 * 12 ? 4
            : months < 20 * 12 ? 5
            : 6;
    }

    // Every band that some birth day and some sample day, not before it, allow.
    private static List<int> PossibleBands(Moment? birth, Moment on)
    {
        if (birth is null)
        {
            return [1, 2, 3, 4, 5, 6];
        }

        var youngest = birth.LastDay >= on.FirstDay ? 0 : AgeBand(birth.LastDay, on.FirstDay);
        var oldest = AgeBand(birth.FirstDay, on.LastDay);
        var bands = Enumerable.Range(youngest, oldest - youngest + 1).ToList();
        return bands.Count > 1 ? bands.Where(b => b != 0).ToList() : bands;
    }

    private sealed record Ages(int Youngest, int Oldest)
    {
        public bool AtLeast(int years) => Youngest >= years;

        public bool Under(int years) => Oldest < years;
    }

    private static Ages? AgesOn(Moment? birth, DateOnly today) => birth is null
        ? null
        : new Ages(
            Months(birth.LastDay < today ? birth.LastDay : today, today) / 12,
            Months(birth.FirstDay, today) / 12);
}
