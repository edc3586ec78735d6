using System.Globalization;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Service.App;

/// <summary>Where everything lies in the picture of serum magnesium over time.</summary>
internal sealed class SerumChart(Assessment assessment)
{
    /// <summary>Width of the picture, in its own units.</summary>
    public const int Width = 460;

    /// <summary>Height of the picture.</summary>
    public const int Height = 260;

    private const double Left = 46;
    private const double Right = 448;
    private const double Upper = 12;
    private const double Lower = 226;
    private const int MostLabels = 6;

    // Half of a date's width: one nearer to the edge would be cut.
    private const double HalfLabel = 18;
    private readonly SerumWindow _window = SerumWindow.Of(assessment);

    /// <summary>The results, oldest first.</summary>
    public IReadOnlyList<SerumResult> Series { get; } = SerumResult.Series(assessment);

    /// <summary>Whether every value can be written beside its point.</summary>
    public bool LabelsAll => Series.Count <= MostLabels;

    /// <summary>The reference and the optimal interval, as boxes.</summary>
    public IEnumerable<ChartBox> Bands()
    {
        foreach (var (from, to, scale) in _window.Ages(assessment))
        {
            if (scale.Common is { } reference)
            {
                yield return Box(from, to, reference, "reference");
            }

            if (scale.HasOptimal)
            {
                yield return Box(from, to, assessment.Knowledge.Serum.Optimal, "optimal");
            }
        }
    }

    /// <summary>Lines across at round values.</summary>
    public IEnumerable<(double Y, decimal Value)> Values() => _window.ValueTicks(6).Select(value => (Y(value), (decimal)Math.Round(value, 2)));

    /// <summary>Marks at round times.</summary>
    public IEnumerable<(double X, string Text)> Times() => _window.TimeTicks(4).Select(tick => (X: X(tick.Time), tick.Text)).Where(tick => tick.X < Right - HalfLabel);

    /// <summary>Where the time looked at lies.</summary>
    public double AsOf => X(assessment.Features.AsOf);

    /// <summary>The curve through the point values; empty with fewer than two.</summary>
    public string Curve() => Series.Where(result => result.MmolPerL.IsPoint).ToList() is { Count: > 1 } points
        ? string.Join(' ', points.Select(point => $"{Text(X(point))},{Text(Y((double)point.MmolPerL.Low!.Value))}"))
        : "";

    /// <summary>The results as marks.</summary>
    public IEnumerable<ChartMark> Marks() => Series.Select(result => new ChartMark(
        result, X(result), Y((double)(result.MmolPerL.Low ?? result.MmolPerL.High)!.Value), Y((double)(result.MmolPerL.High ?? result.MmolPerL.Low)!.Value), Class(result.Touched)));

    /// <summary>A number as SVG writes it.</summary>
    public static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>The class that colours a status; that of several is none of them.</summary>
    public static string Class(SerumStatuses touched) => touched != SerumStatuses.None && (touched & (touched - 1)) == 0 ? touched.Each().First() : "indeterminate";

    private ChartBox Box(DateTimeOffset from, DateTimeOffset to, in Interval interval, string kind)
    {
        var (top, bottom) = (Y((double)interval.High!.Value), Y((double)interval.Low!.Value));
        return new(X(from), top, X(to) - X(from), bottom - top, kind);
    }

    private double X(SerumResult result) => X(result.Start + ((result.End - result.Start) / 2));

    private double X(DateTimeOffset time) => Left + ((Right - Left) * _window.Place(time));

    private double Y(double value) => Lower - ((Lower - Upper) * _window.Place(value));
}

/// <summary>A box of the picture.</summary>
internal sealed record ChartBox(double X, double Y, double Width, double Height, string Kind);

/// <summary>A result in the picture.</summary>
/// <param name="Result">The result.</param>
/// <param name="X">Its time.</param>
/// <param name="Low">Its low end, or the only one it has.</param>
/// <param name="High">Its high end, or the only one it has.</param>
/// <param name="Kind">Its status, as a class.</param>
internal sealed record ChartMark(SerumResult Result, double X, double Low, double High, string Kind);
