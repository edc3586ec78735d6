using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Plotting;

/// <summary>Current magnesium medicines, from their start to the time looked at.</summary>
internal static class PlotTherapy
{
    private const double Height = 5;

    public static IEnumerable<Shape> Draw(PlotCase plot, PlotFrame frame)
    {
        var row = 0;
        foreach (var therapy in plot.Therapy)
        {
            var y = PlotFrame.Upper + 4 + (row++ * (Height + 3));
            var (from, to) = (frame.X(therapy.Start ?? frame.From), frame.X(plot.AsOf));
            yield return new Box(from, y, Math.Max(2, to - from), Height, StatusColor.Therapy);
            if (therapy.Start is { } start && start >= frame.From)
            {
                yield return new Stroke(from, y, from, PlotFrame.Lower, StatusColor.Therapy, 1, 2);
            }
            else
            {
                // It began before the picture does.
                yield return new Arrow(from, y - 3, from, y + Height + 3, from - 7, y + (Height / 2), StatusColor.Therapy);
            }
        }
    }

    public static string Say(MagnesiumTherapy therapy, Words words)
    {
        var name = therapy.Evidence.Words ?? therapy.Evidence.Resource;
        return therapy.Start is { } start
            ? words.Say("plot-therapy", name, start.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))
            : words.Say("plot-therapy-undated", name);
    }
}
