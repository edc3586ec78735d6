using System.Globalization;
using System.Net.Http.Headers;

namespace FhirMg.Fhir.Http;

/// <summary>How long a server asks us to wait, in every form that servers use; always capped.</summary>
internal static class RetryAfter
{
    /// <summary>The longest wait that we honour: a server may ask for a day, a clinician cannot wait.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    // Seconds beyond this are taken for a point in time since 1970, as some gateways send it.
    private const long EpochFrom = 1_000_000_000;

    // 9999-12-31, the end of the calendar.
    private const long LastMillisecond = 253_402_300_799_999;

    // The three forms of HTTP (RFC 9110 section 5.6.7), and ISO 8601, which some gateways send.
    private static readonly string[] Dates =
    [
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy",
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>The wait that the response asks for; null when it asks for none, or in a form that nobody can read.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now) => Of(response.Headers, now, Cap);

    /// <summary>The wait that the headers ask for, up to a limit of the caller's.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now, TimeSpan cap)
    {
        if (First(headers, "x-ms-retry-after-ms") is { } milliseconds
            && decimal.TryParse(milliseconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms))
        {
            return Limit(TimeSpan.FromMilliseconds((double)Math.Min(ms, (decimal)cap.TotalMilliseconds)), cap);
        }

        if (First(headers, "Retry-After") is not { } text)
        {
            return null;
        }

        // Decimal knows no NaN and no infinity, which are texts of numbers too.
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds < EpochFrom ? Limit(TimeSpan.FromSeconds((double)seconds), cap) : Limit(Epoch(seconds) - now, cap);
        }

        // Only what can be nothing else is a date: what is misread as one of the past would mean not to wait at all.
        return DateTimeOffset.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var date)
            ? Limit(date - now, cap)
            : null;
    }

    private static DateTimeOffset Epoch(decimal seconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Min(seconds > EpochFrom * 100m ? seconds : seconds * 1000, LastMillisecond));

    private static TimeSpan Limit(TimeSpan wait, TimeSpan cap) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > cap ? cap : wait;

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;
}
