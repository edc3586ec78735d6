using FhirMg.Cli.Tables;

namespace FhirMg.Cli.Plotting;

/// <summary>Axes with their titles, ticks and grid.</summary>
internal static class PlotAxes
{
    private const int MostTimes = 8;
    private const int MostValues = 10;
    private const double TickSize = 12;

    public static IEnumerable<Shape> Draw(PlotFrame frame, Words words, Values values)
    {
        foreach (var value in frame.Window.ValueTicks(MostValues))
        {
            var y = frame.Y(value);
            yield return new Stroke(PlotFrame.Left, y, PlotFrame.Right, y, StatusColor.Grid);
            yield return new Label(PlotFrame.Left - 8, y + 4, words.Number((decimal)Math.Round(value, 2)), TickSize, StatusColor.Ink, Anchor.End);
        }

        foreach (var (time, text) in frame.Window.TimeTicks(MostTimes))
        {
            var x = frame.X(time);
            yield return new Stroke(x, PlotFrame.Upper, x, PlotFrame.Lower, StatusColor.Grid);
            yield return new Label(x, PlotFrame.Lower + 18, text, TickSize, StatusColor.Ink, Anchor.Middle);
        }

        yield return new Stroke(PlotFrame.Left, PlotFrame.Upper, PlotFrame.Left, PlotFrame.Lower, StatusColor.Ink);
        yield return new Stroke(PlotFrame.Left, PlotFrame.Lower, PlotFrame.Right, PlotFrame.Lower, StatusColor.Ink);
        yield return new Label((PlotFrame.Left + PlotFrame.Right) / 2, PlotFrame.Lower + 40, words["plot-time-axis"], 13, StatusColor.Ink, Anchor.Middle);
        yield return new Label(26, (PlotFrame.Upper + PlotFrame.Lower) / 2, words.Say("plot-value-axis", values.Unit(Values.Millimoles)), 13, StatusColor.Ink, Anchor.Middle, Upright: true);
    }
}
