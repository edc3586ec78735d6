using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Plotting;

/// <summary>What the marks of a plot mean: only those that it shows.</summary>
internal static class PlotLegend
{
    private const double Top = PlotFrame.Lower + 66;
    private const double RowHeight = 22;
    private const double Size = 12;
    private const int Columns = 3;
    private const double ColumnWidth = (PlotFrame.PictureWidth - PlotFrame.Left) / Columns;

    /// <summary>The legend with the height that the picture then has.</summary>
    public static (IReadOnlyList<Shape> Shapes, double Bottom) Draw(PlotCase plot, bool hasOptimal, Words words, Values values)
    {
        var entries = Entries(plot, hasOptimal, words, values).ToList();
        var shapes = new List<Shape>();
        for (var i = 0; i < entries.Count; i++)
        {
            var (x, y) = (PlotFrame.Left + (i % Columns * ColumnWidth), Top + (i / Columns * RowHeight));
            shapes.AddRange(entries[i].Mark(x + 11, y));
            shapes.Add(Fitted(x + 30, y + 4, entries[i].Text, ColumnWidth - 34));
        }

        var bottom = Top + ((entries.Count + Columns - 1) / Columns * RowHeight);
        foreach (var therapy in plot.Therapy)
        {
            shapes.Add(new Box(PlotFrame.Left, bottom - 2, 22, 5, StatusColor.Therapy));
            shapes.Add(Fitted(PlotFrame.Left + 30, bottom + 4, PlotTherapy.Say(therapy, words), PlotFrame.PictureWidth - PlotFrame.Left - 50));
            bottom += RowHeight;
        }

        return (shapes, bottom);
    }

    /// <summary>A text made small enough for a width, by the usual width of a letter.</summary>
    public static Label Fitted(double x, double y, string text, double width, double size = Size)
    {
        const double LetterWidth = 0.6;
        return new(x, y, text, Math.Min(size, width / (LetterWidth * Math.Max(1, text.Length))), StatusColor.Ink);
    }

    private static IEnumerable<(Func<double, double, Shape[]> Mark, string Text)> Entries(PlotCase plot, bool hasOptimal, Words words, Values values)
    {
        yield return ((x, y) => [new Box(x - 11, y - 7, 22, 14, StatusColor.Reference)], words["plot-reference"]);
        if (hasOptimal)
        {
            yield return ((x, y) => [new Box(x - 11, y - 7, 22, 14, StatusColor.Optimal)], $"{words["plot-optimal"]}: {values.Range(plot.Assessment.Knowledge.Serum.Optimal)}");
        }

        yield return ((x, y) => [new Stroke(x, y - 8, x, y + 8, StatusColor.AsOf, 1.6)], words.Say("plot-as-of", Values.Time(plot.AsOf)));
        foreach (var touched in plot.Series.Where(result => result.MmolPerL.IsPoint || Single(result.Touched)).Select(result => Single(result.Touched) ? result.Touched : SerumStatuses.None)
            .Distinct().OrderBy(touched => touched == SerumStatuses.None ? int.MaxValue : (int)touched))
        {
            var color = StatusColor.Of(touched);
            yield return ((x, y) => [new Dot(x, y, 5.5, color, color)], words.Term(touched.Each().FirstOrDefault() ?? SerumStatus.Indeterminate.Word()));
        }

        if (plot.Series.Any(result => result.Preliminary))
        {
            yield return ((x, y) => [new Dot(x, y, 5.5, StatusColor.Paper, StatusColor.Unknown)], words["plot-preliminary"]);
        }

        if (plot.Series.Any(result => result.MmolPerL.Low is null || result.MmolPerL.High is null))
        {
            yield return ((x, y) => [new Stroke(x - 7, y - 6, x + 7, y - 6, StatusColor.Unknown, 2.4), new Arrow(x - 5, y, x + 5, y, x, y + 9, StatusColor.Unknown)], words["plot-open"]);
        }
    }

    private static bool Single(SerumStatuses touched) => System.Numerics.BitOperations.IsPow2((int)touched);
}
