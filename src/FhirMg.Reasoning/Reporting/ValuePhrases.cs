using System.Globalization;
using System.Text.Json;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Reporting;

/// <summary>Values, times and units as people read them.</summary>
public sealed class ValuePhrases(Knowledge knowledge, PhraseBook words)
{
    /// <summary>The unit of every magnesium that is shown.</summary>
    public const string Millimoles = "mmol/L";

    private readonly Lazy<Dictionary<string, Text>> _units = new(() => ReadUnits(knowledge));

    /// <summary>A unit's name by its UCUM code.</summary>
    public string Unit(string code) => _units.Value.TryGetValue(code, out var name) ? words.Of(name) : code;

    /// <summary>A magnesium with its unit.</summary>
    public string MmolPerL(in Interval value) => $"{Range(value)} {Unit(Millimoles)}";

    /// <summary>An interval: one value, from–to, or with a comparator where an end is open.</summary>
    public string Range(in Interval value) => (value.Low, value.High) switch
    {
        ({ } low, { } high) when low == high => words.Number(low),
        ({ } low, { } high) => $"{words.Number(low)}\u2013{words.Number(high)}",
        ({ } low, null) => $"{(value.LowExcluded ? ">" : "\u2265")} {words.Number(low)}",
        (null, { } high) => $"{(value.HighExcluded ? "<" : "\u2264")} {words.Number(high)}",
        _ => "\u2013",
    };

    /// <summary>A time as it was written, to the minute.</summary>
    public static string Time(string? written)
    {
        const int ToTheMinute = 16;
        if (written is null || written.Length <= ToTheMinute || written[10] != 'T')
        {
            return written ?? "";
        }

        var zone = written.AsSpan(11).IndexOfAny("Z+-");
        return $"{written.AsSpan(0, 10)} {written.AsSpan(11, 5)}{(zone < 0 ? "" : $" {written.AsSpan(11 + zone)}")}";
    }

    /// <summary>A time in UTC, to the minute.</summary>
    public static string Time(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm 'Z'", CultureInfo.InvariantCulture);

    /// <summary>The ages that a patient may have; in months under two years, in days under one month.</summary>
    public string Age(in AgeSpan age)
    {
        const int MonthsShown = 24;
        var (code, youngest, oldest) = age.Oldest.Months >= MonthsShown ? ("age-years", age.Youngest.Years, age.Oldest.Years)
            : age.Oldest.Months > 0 ? ("age-months", age.Youngest.Months, age.Oldest.Months)
            : ("age-days", age.Youngest.Days, age.Oldest.Days);
        return words.Say(code, youngest == oldest ? $"{youngest}" : $"{youngest}\u2013{oldest}");
    }

    private static Dictionary<string, Text> ReadUnits(Knowledge knowledge)
    {
        var units = new Dictionary<string, Text>(StringComparer.Ordinal);
        foreach (var concept in knowledge.Artifacts.Where(IsUnits).SelectMany(system => system.GetProperty("concept").EnumerateArray()))
        {
            units.TryAdd(concept.GetProperty("code").GetString()!, ArtifactText.Display(concept));
        }

        return units;
    }

    private static bool IsUnits(JsonElement artifact) => artifact.GetProperty("resourceType").ValueEquals("CodeSystem")
        && artifact.GetProperty("id").GetString()!.EndsWith("-unit", StringComparison.Ordinal);
}
