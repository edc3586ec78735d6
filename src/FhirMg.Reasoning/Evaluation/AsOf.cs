using System.Text;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>Reads the time that a case is looked at.</summary>
public static class AsOf
{
    // Rules look back from it by months, which the calendar's first year does not allow.
    private const int FirstYear = 1900;

    /// <summary>Reads a FHIR date (its first instant in UTC) or a dateTime with its zone.</summary>
    /// <returns>False for anything else, and before 1900.</returns>
    public static bool TryParse(string text, out DateTimeOffset asOf)
    {
        var time = FhirTimeParser.DateTime(Encoding.UTF8.GetBytes(text));
        var valid = time.Precision is TimePrecision.Partial or TimePrecision.Exact
            && time.FirstDay >= new DateOnly(FirstYear, 1, 1).DayNumber && time.Start <= DateTimeOffset.MaxValue.Ticks;
        asOf = valid ? new(time.Start, TimeSpan.Zero) : default;
        return valid;
    }
}
