using System.Globalization;

namespace FhirMg.Fhir.Http;

/// <summary>How long a server asks us to wait, in every form that servers use; always capped.</summary>
internal static class RetryAfter
{
    /// <summary>The longest wait that we honour: a server may ask for a day, a clinician cannot wait.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    // Seconds beyond this are taken for a point in time since 1970, as some gateways send it.
    private const long EpochFrom = 1_000_000_000;

    /// <summary>The wait that the response asks for; null when it asks for none, or in a form that nobody can read.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        if (First(response, "x-ms-retry-after-ms") is { } milliseconds
            && double.TryParse(milliseconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms))
        {
            return Limit(TimeSpan.FromMilliseconds(Math.Min(ms, Cap.TotalMilliseconds)));
        }

        if (First(response, "Retry-After") is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds < EpochFrom
                ? Limit(TimeSpan.FromSeconds(seconds))
                : Limit((seconds > EpochFrom * 100 ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(seconds, 253402300799999)) : DateTimeOffset.FromUnixTimeSeconds(seconds)) - now);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? Limit(date - now) : null;
    }

    private static TimeSpan Limit(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Cap ? Cap : wait;

    private static string? First(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;
}
