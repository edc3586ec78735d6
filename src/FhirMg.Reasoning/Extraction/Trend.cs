using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Extraction;

/// <summary>The change of a value over time (STAT-3).</summary>
internal static class Trend
{
    /// <summary>Change per month by least squares over the point values from a time on; null with fewer than two, or when all are of one time.</summary>
    /// <param name="results">The results.</param>
    /// <param name="from">The earliest time that counts, in ticks of UTC.</param>
    /// <param name="monthDays">Days of a month.</param>
    public static decimal? PerMonth(List<ObservationFact> results, long from, decimal monthDays)
    {
        var points = new List<(decimal Days, decimal Value)>(results.Count);
        foreach (var result in results)
        {
            if (result.Time.Start >= from && result.Value.IsPoint)
            {
                points.Add((result.Time.Start / (decimal)TimeSpan.TicksPerDay, result.Value.Low!.Value));
            }
        }

        if (points.Count < 2)
        {
            return null;
        }

        // Counted from the first point: small numbers keep the sums exact.
        var origin = points[0].Days;
        var (times, values) = (0m, 0m);
        foreach (var (days, value) in points)
        {
            (times, values) = (times + (days - origin), values + value);
        }

        var (meanTime, meanValue) = (times / points.Count, values / points.Count);
        var (spread, product) = (0m, 0m);
        foreach (var (days, value) in points)
        {
            var time = days - origin - meanTime;
            (spread, product) = (spread + (time * time), product + (time * (value - meanValue)));
        }

        return spread == 0 ? null : product / spread * monthDays;
    }
}
