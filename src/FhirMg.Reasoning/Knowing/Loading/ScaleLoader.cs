using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Knowing.Loading;

/// <summary>Reads the qualified intervals of the ObservationDefinitions: reference intervals, grades, limits.</summary>
internal static class ScaleLoader
{
    /// <summary>Reads the scale of serum magnesium (RANGE-1, RANGE-2, SEV-1, IN-4).</summary>
    public static SerumScale Serum(Node definition)
    {
        var rows = definition.Each("qualifiedInterval").Where(row => Context(row) == "reference").Select(Row).ToList();
        var optimal = Interval(definition, "optimal");
        var optimalFrom = Limit(Row(definition, "optimal")["age"]["low"]);
        var (severe, moderate, mild) = (HalfOpen(definition, "severe"), HalfOpen(definition, "moderate"), HalfOpen(definition, "mild"));
        if (severe.High != moderate.Low || moderate.High != mild.Low || mild.High is null || optimal.Low is null)
        {
            throw definition.Refuse("the grades severe, moderate and mild must follow each other without a gap");
        }

        var bands = new List<SerumBand>();
        for (var i = 0; i < rows.Count; i++)
        {
            var (row, from, to, reference) = rows[i];
            if (i == 0 ? from.Value != 0 : rows[i - 1].To != from)
            {
                throw row.Refuse("the age rows must begin at birth and follow each other without a gap");
            }

            if (reference is { Low: var low, High: var high } && !(low < high && low <= mild.High && high > optimal.Low))
            {
                throw row.Refuse("the reference interval contradicts the grades or the optimal interval");
            }

            bands.AddRange(Split(from, to, optimalFrom)
                .Select(part => new SerumBand(part.From, part.To, reference, Regions(reference, part.IsOptimal ? optimal.Low : null, severe, moderate, mild))));
        }

        if (bands.Count == 0 || bands[^1].To is not null)
        {
            throw definition.Refuse("the last age row must have no end");
        }

        return new(bands, optimal, optimalFrom, severe, moderate, mild, Interval(definition, "plausible") with { LowExcluded = true });
    }

    /// <summary>The interval with this context, both ends included.</summary>
    public static Interval Interval(Node definition, string context)
    {
        var range = Row(definition, context)["range"];
        return Reading.Interval.Closed(End(range, "low"), End(range, "high"));
    }

    /// <summary>The interval with this context, its upper end excluded.</summary>
    public static Interval HalfOpen(Node definition, string context)
    {
        var interval = Interval(definition, context);
        return Reading.Interval.HalfOpen(interval.Low, interval.High);
    }

    private static List<(SerumStatuses, Interval)> Regions(
        Interval? reference, decimal? optimalFrom, Interval severe, Interval moderate, Interval mild)
    {
        if (reference is not { Low: { } low, High: { } high })
        {
            return [];
        }

        var gradesEnd = mild.High!.Value;
        var lowEnd = Math.Min(low, gradesEnd);
        var normalFrom = optimalFrom ?? gradesEnd;
        List<(SerumStatuses Status, Interval Values)> regions =
        [
            (SerumStatuses.Severe, severe), (SerumStatuses.Moderate, moderate),
            (SerumStatuses.Mild, Reading.Interval.HalfOpen(mild.Low, lowEnd)),
            (SerumStatuses.Borderline, Reading.Interval.HalfOpen(low, gradesEnd)),
            (SerumStatuses.Suboptimal, Reading.Interval.HalfOpen(gradesEnd, normalFrom)),
            (SerumStatuses.Normal, Reading.Interval.Closed(normalFrom, high)),
            (SerumStatuses.Elevated, new Interval(high, true, null, false)),
        ];
        return regions.FindAll(region => !region.Values.IsEmpty);
    }

    private static IEnumerable<(AgeLimit From, AgeLimit? To, bool IsOptimal)> Split(AgeLimit from, AgeLimit? to, AgeLimit at)
    {
        if (!Before(from, at))
        {
            return [(from, to, true)];
        }

        return to is { } end && !Before(at, end) ? [(from, to, false)] : [(from, at, false), (at, to, true)];
    }

    // Days only occur below the first month, so they compare as less than any month.
    private static bool Before(AgeLimit left, AgeLimit right) =>
        left.Unit == right.Unit ? left.Value < right.Value : left.Unit == AgeUnit.Day;

    private static (Node Node, AgeLimit From, AgeLimit? To, Interval? Reference) Row(Node row)
    {
        var age = row["age"];
        Interval? reference = row.Has("range") ? Reading.Interval.Closed(End(row["range"], "low"), End(row["range"], "high")) : null;
        return (row, Limit(age["low"]), age.Has("high") ? Limit(age["high"]) : null, reference);
    }

    private static Node Row(Node definition, string context)
    {
        foreach (var row in definition.Each("qualifiedInterval"))
        {
            if (Context(row) == context)
            {
                return row;
            }
        }

        throw definition.Refuse($"no qualifiedInterval has the context '{context}'");
    }

    private static string Context(Node row) => row["context"].Each("coding").Select(coding => coding["code"].String).FirstOrDefault() ?? "";

    private static decimal? End(Node range, string end) => range.Has(end) ? range[end]["value"].Decimal : null;

    /// <summary>An age as the calendar counts it; a year is twelve months.</summary>
    internal static AgeLimit Limit(Node quantity) => (quantity["code"].String, (int)quantity["value"].Decimal) switch
    {
        ("d", var days) => new(days, AgeUnit.Day),
        ("mo", var months) => new(months, AgeUnit.Month),
        ("a", var years) => new(years * 12, AgeUnit.Month),
        _ => throw quantity["code"].Refuse("an age is counted in d, mo or a"),
    };
}
