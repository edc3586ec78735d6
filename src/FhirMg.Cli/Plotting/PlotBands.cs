using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Cli.Plotting;

/// <summary>The reference and optimal intervals for the patient's age at each time, and the grades of severity.</summary>
internal static class PlotBands
{
    private const double LabelHeight = 15;

    public static IEnumerable<Box> Draw(PlotCase plot, PlotFrame frame)
    {
        var optimal = plot.Assessment.Knowledge.Serum.Optimal;
        foreach (var (from, to, scale) in frame.Window.Ages(plot.Assessment))
        {
            var (left, right) = (frame.X(from), frame.X(to));
            if (scale.Common is { } reference)
            {
                yield return Band(frame, left, right, reference, StatusColor.Reference);
            }

            if (scale.HasOptimal)
            {
                yield return Band(frame, left, right, optimal, StatusColor.Optimal);
            }
        }
    }

    public static IEnumerable<Shape> DrawGrades(PlotCase plot, PlotFrame frame, Words words, Values values)
    {
        var scale = plot.Assessment.Knowledge.Serum;
        var labelled = double.MaxValue;
        foreach (var (code, grade, status) in new[]
        {
            ("severe", scale.Severe, Reasoning.Knowing.SerumStatuses.Severe),
            ("moderate", scale.Moderate, Reasoning.Knowing.SerumStatuses.Moderate),
            ("mild", scale.Mild, Reasoning.Knowing.SerumStatuses.Mild),
        })
        {
            var y = frame.Y(grade.High!.Value);
            labelled = Math.Min(y, labelled - LabelHeight);
            yield return new Stroke(PlotFrame.Left, y, PlotFrame.Right, y, StatusColor.Of(status), 1.2, 5);
            var text = words.Say("plot-grade", words[$"plot-{code}"], values.Range(Interval.HalfOpen(null, grade.High)));
            yield return PlotLegend.Fitted(PlotFrame.Right + 6, labelled + 4, text, PlotFrame.PictureWidth - PlotFrame.Right - 8) with { Color = StatusColor.Of(status) };
        }
    }

    private static Box Band(PlotFrame frame, double left, double right, in Interval interval, string color)
    {
        var (top, bottom) = (frame.Y(interval.High!.Value), frame.Y(interval.Low!.Value));
        return new(left, top, right - left, bottom - top, color);
    }
}
