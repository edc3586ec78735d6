using System.Globalization;

namespace FhirMg.Sandbox.Searching;

/// <summary>The time that a date of any precision covers; without a zone, UTC.</summary>
/// <param name="Low">Its first moment.</param>
/// <param name="High">The moment after its last.</param>
internal readonly record struct FhirInterval(DateTimeOffset Low, DateTimeOffset High)
{
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Parses a date, dateTime or instant; null when it is none.</summary>
    public static FhirInterval? Parse(string text)
    {
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var invariant = CultureInfo.InvariantCulture;
        if (DateTimeOffset.TryParseExact(text, "yyyy", invariant, style, out var low))
        {
            return new(low, low.AddYears(1));
        }

        if (DateTimeOffset.TryParseExact(text, "yyyy-MM", invariant, style, out low))
        {
            return new(low, low.AddMonths(1));
        }

        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", invariant, style, out low))
        {
            return new(low, low.AddDays(1));
        }

        return !DateTimeOffset.TryParseExact(text, Moments, invariant, style, out low) ? null
            : new(low, text.Contains('.', StringComparison.Ordinal) ? low.AddMilliseconds(1) : text.LastIndexOf(':') > text.IndexOf(':', StringComparison.Ordinal) ? low.AddSeconds(1) : low.AddMinutes(1));
    }

    /// <summary>Whether a resource's time meets a search's prefix and time (R4 3.1.1.4.8).</summary>
    public bool Meets(string prefix, FhirInterval asked) => prefix switch
    {
        "eq" => Within(asked),
        "ne" => !Within(asked),
        "gt" => High > asked.High,
        "lt" => Low < asked.Low,
        "ge" => High > asked.High || Within(asked),
        "le" => Low < asked.Low || Within(asked),
        "sa" => Low >= asked.High,
        "eb" => High <= asked.Low,
        _ => Low < asked.High && asked.Low < High,
    };

    private bool Within(FhirInterval asked) => Low >= asked.Low && High <= asked.High;
}
