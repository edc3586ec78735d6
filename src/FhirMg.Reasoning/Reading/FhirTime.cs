namespace FhirMg.Reasoning.Reading;

/// <summary>How much a FHIR time says.</summary>
public enum TimePrecision : byte
{
    /// <summary>No time is given.</summary>
    Absent,

    /// <summary>Outside FHIR's grammar or the calendar.</summary>
    Unreadable,

    /// <summary>A year, month or day: an interval in UTC.</summary>
    Partial,

    /// <summary>A date and time without a zone, read in UTC.</summary>
    WithoutZone,

    /// <summary>A date and time with its zone.</summary>
    Exact,
}

/// <summary>A FHIR date, dateTime or instant as the interval of time that it names (rule IN-5).</summary>
/// <param name="Precision">How much the element says; the other members hold only from <see cref="TimePrecision.Partial"/> on.</param>
/// <param name="Start">First instant, in ticks of UTC (100 ns).</param>
/// <param name="End">Last instant, in ticks of UTC; equals <paramref name="Start"/> for a date with a time.</param>
/// <param name="FirstDay">First day as written in its own offset (day number of <see cref="DateOnly"/>).</param>
/// <param name="LastDay">Last day as written in its own offset.</param>
public readonly record struct FhirTime(TimePrecision Precision, long Start, long End, int FirstDay, int LastDay)
{
    /// <summary>Whether there is a time to reckon with.</summary>
    public bool IsReadable => Precision >= TimePrecision.Partial;

    /// <summary>The time of an exact moment.</summary>
    public static FhirTime At(DateTimeOffset moment)
    {
        var day = DateOnly.FromDateTime(moment.DateTime).DayNumber;
        return new(TimePrecision.Exact, moment.UtcTicks, moment.UtcTicks, day, day);
    }
}
