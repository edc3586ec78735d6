namespace FhirMg.Reasoning.Reading;

/// <summary>The unit that an age is counted in; months and years by the calendar.</summary>
public enum AgeUnit
{
    /// <summary>Days, UCUM <c>d</c>.</summary>
    Day,

    /// <summary>Completed calendar months, UCUM <c>mo</c>; a year is twelve of them.</summary>
    Month,
}

/// <summary>An age that a rule turns on.</summary>
/// <param name="Value">Completed units.</param>
/// <param name="Unit">The unit of <paramref name="Value"/>.</param>
public readonly record struct AgeLimit(int Value, AgeUnit Unit)
{
    /// <summary>Whether somebody of this age has reached the limit.</summary>
    internal bool ReachedBy(in Age age) => (Unit == AgeUnit.Day ? age.Days : age.Months) >= Value;
}

/// <summary>An age, counted in days and in completed calendar months.</summary>
/// <param name="Days">Days since birth.</param>
/// <param name="Months">Completed months since birth: a month is complete on the same day of a later month.</param>
public readonly record struct Age(int Days, int Months)
{
    /// <summary>Completed years.</summary>
    public int Years => Months / 12;

    /// <summary>The age on a day; zero before birth.</summary>
    internal static Age On(int birthDay, int day)
    {
        if (day <= birthDay)
        {
            return default;
        }

        var birth = DateOnly.FromDayNumber(birthDay);
        var date = DateOnly.FromDayNumber(day);
        var months = ((date.Year - birth.Year) * 12) + date.Month - birth.Month - (date.Day < birth.Day ? 1 : 0);
        return new(day - birthDay, months);
    }
}

/// <summary>All the ages that a patient may have at a time, from a birth date that may be partial (rule IN-6).</summary>
/// <param name="Youngest">The least possible age.</param>
/// <param name="Oldest">The greatest possible age.</param>
public readonly record struct AgeSpan(Age Youngest, Age Oldest)
{
    /// <summary>Every age there is: the birth date is not known.</summary>
    public static AgeSpan Unknown { get; } = new(default, new(int.MaxValue, int.MaxValue));

    /// <summary>Whether every possible age has reached the limit.</summary>
    public bool IsAtLeast(AgeLimit limit) => limit.ReachedBy(Youngest);

    /// <summary>Whether every possible age is below the limit.</summary>
    public bool IsUnder(AgeLimit limit) => !limit.ReachedBy(Oldest);

    /// <summary>Whether a possible age is below the limit.</summary>
    public bool MayBeUnder(AgeLimit limit) => !limit.ReachedBy(Youngest);

    /// <summary>Whether a possible age lies from one limit to below another.</summary>
    public bool MayBeWithin(AgeLimit from, AgeLimit? to) => from.ReachedBy(Oldest) && (to is not { } end || MayBeUnder(end));

    /// <summary>The ages between two days, for a birth between two days.</summary>
    internal static AgeSpan Between(in FhirTime birth, int firstDay, int lastDay) =>
        new(Age.On(birth.LastDay, firstDay), Age.On(birth.FirstDay, lastDay));
}
