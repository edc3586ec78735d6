using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Plotting;

/// <summary>The results: points, bars for ranges, arrows for open ends, and the curve through the points.</summary>
internal static class PlotPoints
{
    private const double LabelWidth = 50;
    private const double LabelHeight = 14;
    private const int LargeAtMost = 60;
    private const double ArrowLength = 22;

    public static IEnumerable<Shape> Draw(PlotCase plot, PlotFrame frame, Values values)
    {
        var points = plot.Series.Where(result => result.MmolPerL.IsPoint).ToList();
        foreach (var (left, right) in points.Zip(points.Skip(1)))
        {
            yield return new Stroke(X(frame, left), Y(frame, left), X(frame, right), Y(frame, right), StatusColor.Curve, 1.4);
        }

        var radius = plot.Series.Count <= LargeAtMost ? 5.5 : 3;
        foreach (var shape in plot.Series.SelectMany(result => Draw(frame, result, radius)))
        {
            yield return shape;
        }

        foreach (var label in Labels(plot, frame, values))
        {
            yield return label;
        }
    }

    // The newest is labelled first; a value whose label would cover another's stays without, its place on the scale still tells it.
    private static IEnumerable<Label> Labels(PlotCase plot, PlotFrame frame, Values values)
    {
        var placed = new List<(double X, double Y)>();
        var dots = plot.Series.Select(result => (X: X(frame, result), Y: Y(frame, result))).ToList();
        bool IsFree(double x, double y) =>
            !placed.Exists(other => Math.Abs(other.X - x) < LabelWidth && Math.Abs(other.Y - y) < LabelHeight)
            && !dots.Exists(dot => Math.Abs(dot.X - x) < LabelWidth / 2 && Math.Abs(dot.Y - (y - (LabelHeight / 3))) < LabelHeight * 2 / 3);
        foreach (var result in plot.Series.Reverse())
        {
            var x = X(frame, result);
            var above = frame.Y(result.MmolPerL.High ?? result.MmolPerL.Low!.Value) - 11;
            var below = frame.Y(result.MmolPerL.Low ?? result.MmolPerL.High!.Value) + 21;

            // Arrows are labelled at their blunt end.
            double[] places = result.MmolPerL.Low is null ? [above] : result.MmolPerL.High is null ? [below] : [above, below];
            foreach (var y in places.Where(y => IsFree(x, y)).Take(1))
            {
                placed.Add((x, y));
                yield return new Label(x, y, values.Range(result.MmolPerL), 12, StatusColor.Ink, Anchor.Middle, Halo: true);
            }
        }
    }

    private static IEnumerable<Shape> Draw(PlotFrame frame, SerumResult result, double radius)
    {
        var color = StatusColor.Of(result.Touched);
        var (x, y) = (X(frame, result), Y(frame, result));
        if (result.End - result.Start > TimeSpan.FromDays(2))
        {
            yield return new Stroke(frame.X(result.Start), y, frame.X(result.End), y, color, 1.2);
        }

        switch (result.MmolPerL.Low, result.MmolPerL.High)
        {
            case ({ } low, { } high) when low != high:
                yield return new Stroke(x, frame.Y(low), x, frame.Y(high), color, 2.4);
                yield return new Stroke(x - 6, frame.Y(low), x + 6, frame.Y(low), color, 2.4);
                yield return new Stroke(x - 6, frame.Y(high), x + 6, frame.Y(high), color, 2.4);
                break;
            case (null, { }) or ({ }, null):
                var direction = result.MmolPerL.Low is null ? 1 : -1;
                yield return new Stroke(x - 7, y, x + 7, y, color, 2.4);
                yield return new Stroke(x, y, x, y + (direction * (ArrowLength - 6)), color, 2.4);
                yield return new Arrow(x - 5, y + (direction * (ArrowLength - 8)), x + 5, y + (direction * (ArrowLength - 8)), x, y + (direction * ArrowLength), color);
                break;
            default:
                yield return new Dot(x, y, radius, result.Preliminary ? StatusColor.Paper : color, color);
                break;
        }
    }

    private static double X(PlotFrame frame, SerumResult result) => frame.X(result.Start + ((result.End - result.Start) / 2));

    private static double Y(PlotFrame frame, SerumResult result) => (result.MmolPerL.Low, result.MmolPerL.High) switch
    {
        ({ } low, { } high) => frame.Y((low + high) / 2),
        ({ } low, _) => frame.Y(low),
        (_, { } high) => frame.Y(high),
        _ => PlotFrame.Lower,
    };
}
