using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Extraction;

/// <summary>The change of a value over time (STAT-3).</summary>
internal static class Trend
{
    /// <summary>Change per month by least squares over the point values; null with fewer than two, or when all are of one time.</summary>
    public static decimal? PerMonth(IEnumerable<ObservationFact> results, decimal monthDays)
    {
        var points = results.Where(result => result.Value.IsPoint)
            .Select(result => (Days: result.Time.Start / (decimal)TimeSpan.TicksPerDay, Value: result.Value.Low!.Value)).ToList();
        if (points.Count < 2)
        {
            return null;
        }

        // Counted from the first point: small numbers keep the sums exact.
        var origin = points[0].Days;
        var meanTime = points.Sum(point => point.Days - origin) / points.Count;
        var meanValue = points.Sum(point => point.Value) / points.Count;
        var spread = points.Sum(point => (point.Days - origin - meanTime) * (point.Days - origin - meanTime));
        return spread == 0 ? null : points.Sum(point => (point.Days - origin - meanTime) * (point.Value - meanValue)) / spread * monthDays;
    }
}
