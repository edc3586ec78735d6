using System.Globalization;
using FhirMg.Reasoning.Evaluation;

namespace FhirMg.Reasoning.Reporting;

/// <summary>The part of time and of values that a picture of serum magnesium shows.</summary>
/// <param name="From">Its first time.</param>
/// <param name="To">Its last time.</param>
/// <param name="Bottom">Its lowest value in mmol/L.</param>
/// <param name="Top">Its highest value in mmol/L.</param>
public sealed record SerumWindow(DateTimeOffset From, DateTimeOffset To, double Bottom, double Top)
{
    // Ages change by the day; years are stepped through coarser.
    private const double MostSteps = 800;
    private static readonly int[] DaySteps = [1, 2, 7, 14];
    private static readonly int[] MonthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
    private static readonly double[] ValueSteps = [0.05, 0.1, 0.2, 0.5, 1, 2];

    /// <summary>The window that shows every result, the time looked at, the intervals, and therapy where it is not long ago.</summary>
    public static SerumWindow Of(Assessment assessment)
    {
        var (asOf, lookBack) = (assessment.Features.AsOf, assessment.Knowledge.Thresholds.LookBack);
        var series = SerumResult.Series(assessment);
        var times = series.SelectMany(result => new[] { result.Start, result.End }).Append(asOf).ToList();
        var (first, last) = (times.Min(), times.Max());

        // A lone result says little in a picture of some days; therapy is shown from its start when that is no longer ago than the look-back.
        var widest = series.Count == 0 ? lookBack : lookBack / 4;
        first = last - first < widest ? Earlier(last, widest) : first;
        foreach (var start in CaseView.Therapy(assessment).Select(therapy => therapy.Start).OfType<DateTimeOffset>().Where(start => start < first && asOf - start <= lookBack))
        {
            first = start;
        }

        var air = (last - first) / 25;
        var (bottom, top) = Values(assessment, series);
        return new(Earlier(first, air), Later(last, air), bottom, top);
    }

    /// <summary>Where a time lies between the first (0) and the last (1).</summary>
    public double Place(DateTimeOffset time) => Math.Clamp((time - From) / (To - From), 0, 1);

    /// <summary>Where a value in mmol/L lies between the lowest (0) and the highest (1).</summary>
    public double Place(double value) => Math.Clamp((value - Bottom) / (Top - Bottom), 0, 1);

    /// <summary>The periods in which the same intervals hold for the patient's age.</summary>
    public IEnumerable<(DateTimeOffset From, DateTimeOffset To, AgeScale Scale)> Ages(Assessment assessment)
    {
        var step = TimeSpan.FromDays(Math.Max(1, Math.Ceiling((To - From).TotalDays / MostSteps)));
        var (from, scale) = (From, ScaleOn(assessment, From));
        for (var time = From; time < To - step; time += step)
        {
            var next = ScaleOn(assessment, time + step);
            if (next.HasOptimal != scale.HasOptimal || next.Common != scale.Common)
            {
                yield return (from, time + step, scale);
                (from, scale) = (time + step, next);
            }
        }

        yield return (from, To, scale);
    }

    /// <summary>Round values to mark, in mmol/L.</summary>
    /// <param name="most">How many at most.</param>
    public IEnumerable<double> ValueTicks(int most)
    {
        var step = Array.Find(ValueSteps, step => (Top - Bottom) / step <= most);
        for (var i = (int)Math.Ceiling(Bottom / step); i * step <= Top; i++)
        {
            yield return i * step;
        }
    }

    /// <summary>Round times to mark, each with its text.</summary>
    /// <param name="most">How many at most.</param>
    public IEnumerable<(DateTimeOffset Time, string Text)> TimeTicks(int most)
    {
        var days = (To - From).TotalDays;
        var step = Array.Find(DaySteps, step => days / step <= most);
        if (step > 0)
        {
            for (var time = new DateTimeOffset(From.Date.AddDays(1), TimeSpan.Zero); time <= To; time = time.AddDays(step))
            {
                yield return (time, time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            }

            yield break;
        }

        const double DaysOfMonth = 30.4;
        var months = Array.Find(MonthSteps, step => days / (DaysOfMonth * step) <= most);
        months = months == 0 ? MonthSteps[^1] : months;
        var month = ((From.Year * 12) + From.Month - 1) / months * months;
        for (month += months; month < 9999 * 12; month += months)
        {
            var time = new DateTimeOffset(month / 12, (month % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero);
            if (time > To)
            {
                break;
            }

            yield return (time, time.ToString(months % 12 == 0 ? "yyyy" : "yyyy-MM", CultureInfo.InvariantCulture));
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset time, TimeSpan by) => time - DateTimeOffset.MinValue > by ? time - by : DateTimeOffset.MinValue;

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) => DateTimeOffset.MaxValue - time > by ? time + by : DateTimeOffset.MaxValue;

    private static AgeScale ScaleOn(Assessment assessment, DateTimeOffset time) => AgeScale.On(assessment, DateOnly.FromDateTime(time.UtcDateTime));

    private static (double Bottom, double Top) Values(Assessment assessment, IReadOnlyList<SerumResult> series)
    {
        var scale = assessment.Knowledge.Serum;
        var values = series.SelectMany(result => new[] { result.MmolPerL.Low, result.MmolPerL.High })
            .Append(scale.Severe.High).Concat(scale.Bands.SelectMany(band => new[] { band.Reference?.Low, band.Reference?.High }))
            .OfType<decimal>().Where(value => value <= scale.Plausible.High).Select(value => (double)value).ToList();
        var air = (values.Max() - values.Min()) / 8;
        return (Math.Max(0, values.Min() - air), values.Max() + air);
    }
}
