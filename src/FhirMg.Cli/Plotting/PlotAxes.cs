using System.Globalization;
using FhirMg.Cli.Tables;

namespace FhirMg.Cli.Plotting;

/// <summary>Axes with their titles, ticks and grid.</summary>
internal static class PlotAxes
{
    private const int MostTimes = 8;
    private const int MostValues = 10;
    private const double TickSize = 12;
    private static readonly int[] DaySteps = [1, 2, 7, 14];
    private static readonly int[] MonthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
    private static readonly double[] ValueSteps = [0.05, 0.1, 0.2, 0.5, 1, 2];

    public static IEnumerable<Shape> Draw(PlotFrame frame, Words words, Values values)
    {
        foreach (var value in ValueTicks(frame))
        {
            var y = frame.Y(value);
            yield return new Stroke(PlotFrame.Left, y, PlotFrame.Right, y, StatusColor.Grid);
            yield return new Label(PlotFrame.Left - 8, y + 4, words.Number((decimal)Math.Round(value, 2)), TickSize, StatusColor.Ink, Anchor.End);
        }

        foreach (var (time, text) in TimeTicks(frame))
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

    private static IEnumerable<double> ValueTicks(PlotFrame frame)
    {
        var step = Array.Find(ValueSteps, step => (frame.Top - frame.Bottom) / step <= MostValues);
        for (var i = (int)Math.Ceiling(frame.Bottom / step); i * step <= frame.Top; i++)
        {
            yield return i * step;
        }
    }

    private static IEnumerable<(DateTimeOffset Time, string Text)> TimeTicks(PlotFrame frame)
    {
        var days = (frame.To - frame.From).TotalDays;
        var step = Array.Find(DaySteps, step => days / step <= MostTimes);
        if (step > 0)
        {
            for (var time = new DateTimeOffset(frame.From.Date.AddDays(1), TimeSpan.Zero); time <= frame.To; time = time.AddDays(step))
            {
                yield return (time, time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            }

            yield break;
        }

        const double DaysOfMonth = 30.4;
        var months = Array.Find(MonthSteps, step => days / (DaysOfMonth * step) <= MostTimes);
        months = months == 0 ? MonthSteps[^1] : months;
        var month = ((frame.From.Year * 12) + frame.From.Month - 1) / months * months;
        for (month += months; month < 9999 * 12; month += months)
        {
            var time = new DateTimeOffset(month / 12, (month % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero);
            if (time > frame.To)
            {
                break;
            }

            yield return (time, time.ToString(months % 12 == 0 ? "yyyy" : "yyyy-MM", CultureInfo.InvariantCulture));
        }
    }
}
