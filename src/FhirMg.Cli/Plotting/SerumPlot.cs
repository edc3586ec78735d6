using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Plotting;

/// <summary>Serum magnesium of one patient over time.</summary>
internal static class SerumPlot
{
    private const double TextSize = 14;
    private const double Margin = 26;

    public static Picture Draw(Assessment assessment, Words words)
    {
        if (assessment.Features.Deceased)
        {
            return Compose(assessment, words, PlotFrame.Lower, [Message(words.Of(assessment.Knowledge[Rule.In9].Message!))]);
        }

        var plot = PlotCase.Of(assessment);
        var frame = PlotFrame.Of(plot);
        var values = new Values(assessment.Knowledge, words);
        var bands = PlotBands.Draw(plot, frame).ToList();
        var (legend, bottom) = PlotLegend.Draw(plot, bands.Exists(band => band.Fill == StatusColor.Optimal), words, values);
        return Compose(assessment, words, bottom,
        [
            .. bands,
            .. PlotAxes.Draw(frame, words, values),
            .. PlotBands.DrawGrades(plot, frame, words, values),
            .. Times(plot, frame, words),
            .. PlotTherapy.Draw(plot, frame),
            .. PlotPoints.Draw(plot, frame, values),
            .. legend,
            .. plot.Series.Count == 0 ? [Message(words["plot-none"])] : Array.Empty<Shape>(),
        ]);
    }

    private static Picture Compose(Assessment assessment, Words words, double bottom, IEnumerable<Shape> shapes)
    {
        var height = bottom + Margin;
        return new(PlotFrame.PictureWidth, height,
        [
            new Box(0, 0, PlotFrame.PictureWidth, height, StatusColor.Paper),
            .. shapes,
            new Label(PlotFrame.Left, 34, words["plot-title"], 20, StatusColor.Ink),
            PlotLegend.Fitted(PlotFrame.Left, 60, assessment.Features.Patient, PlotFrame.PictureWidth - PlotFrame.Left - 20, TextSize),
            new Label(PlotFrame.PictureWidth - 20, bottom + 14, $"{words.Of(assessment.Knowledge.Title)} {assessment.Knowledge.Version}", 11, StatusColor.Faint, Anchor.End),
        ]);
    }

    private static Label Message(string text) =>
        new((PlotFrame.Left + PlotFrame.Right) / 2, (PlotFrame.Upper + PlotFrame.Lower) / 2, text, 18, StatusColor.Ink, Anchor.Middle, Halo: true);

    private static IEnumerable<Shape> Times(PlotCase plot, PlotFrame frame, Words words)
    {
        yield return new Stroke(frame.X(plot.AsOf), PlotFrame.Upper, frame.X(plot.AsOf), PlotFrame.Lower, StatusColor.AsOf, 1.6);
        var lookBack = plot.AsOf - plot.LookBack;
        if (lookBack > frame.From)
        {
            yield return new Stroke(frame.X(lookBack), PlotFrame.Upper, frame.X(lookBack), PlotFrame.Lower, StatusColor.Faint, 1, 3);
            var isLate = frame.X(lookBack) > (PlotFrame.Left + PlotFrame.Right) / 2;
            yield return new Label(
                frame.X(lookBack) + (isLate ? -4 : 4), PlotFrame.Lower - 6, words["plot-look-back"], 11, StatusColor.Faint, isLate ? Anchor.End : Anchor.Start, Halo: true);
        }
    }
}
