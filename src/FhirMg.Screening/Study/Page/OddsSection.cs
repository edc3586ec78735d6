using System.Xml.Linq;
using FhirMg.Screening.Study.Statistics;
using static FhirMg.Screening.Study.Page.Html;

namespace FhirMg.Screening.Study.Page;

/// <summary>The odds ratios: the table that they come from, the estimates, and a plot of both.</summary>
internal sealed class OddsSection(CohortSummary summary, Wording words)
{
    private const double Width = 960, Left = 300, Right = 930, RowHeight = 40;
    private static readonly double[] Ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
    private readonly StatusTable _cells = new(summary, words);

    private IEnumerable<(string Name, PublishedOddsRatio Ratio)> Ratios => [(words["study-crude"], summary.Crude), (words["study-stratified"], summary.Stratified)];

    public XElement Section() => El("section",
        El("h2", words["study-odds"]),
        El("table", El("caption", words["study-odds-table"]),
            El("thead", El("tr", El("th", At("scope", "col"), words["study-patients"]), El("th", At("scope", "col"), words["study-low"]), El("th", At("scope", "col"), words["study-not-low"]))),
            El("tbody", Row("study-with", FigureColumn.AnyMigraine), Row("study-without", FigureColumn.Of(MigraineForm.None)))),
        Ratios.Any(pair => pair.Ratio.Estimate is not null) ? El("figure", Plot(), El("figcaption", words["study-odds-reading"])) : null,
        El("table",
            El("thead", El("tr", El("th", At("scope", "col"), words["study-adjusted"]), El("th", Class("words"), At("scope", "col"), words["study-odds-ratio"]), El("th", Class("words"), At("scope", "col"), words["study-method"]))),
            El("tbody", Ratios.Select(pair => El("tr", El("th", At("scope", "row"), pair.Name), El("td", Class("words"), Value(pair.Ratio)), El("td", Class("words"), Method(pair.Ratio)))))),
        summary.Heterogeneity is { } test
            ? El("p", Class("faint"), words.Say("study-heterogeneity", words.Number(test.ChiSquared), test.DegreesOfFreedom, words.Number(test.PValue)))
            : null);

    private XElement Row(string code, FigureColumn column)
    {
        var (low, notLow) = (summary[FigureRow.Low, column], summary[FigureRow.NotLow, column]);
        return El("tr", El("th", At("scope", "row"), words[code]), Cell(low, low + notLow), Cell(notLow, low + notLow));
    }

    private XElement Cell(long? count, long? all) => El("td", _cells.Count(count),
        count is { } shown && all is { } whole and > 0 ? El("small", words.Say("study-percent", words.Number(100m * shown / whole, "0.0"))) : null);

    private string Value(PublishedOddsRatio ratio) => ratio.Estimate is { } estimate
        ? words.Say("study-odds-value", words.Number(estimate.Value), words.Number(estimate.Low), words.Number(estimate.High))
        : words[ratio.Availability == Availability.Hidden ? "study-odds-hidden" : "study-odds-nothing"];

    private string Method(PublishedOddsRatio ratio) => ratio.Estimate?.Method switch
    {
        OddsRatioMethod.Woolf => words["study-method-woolf"],
        OddsRatioMethod.MidP => words["study-method-mid-p"],
        OddsRatioMethod.Exact => words["study-method-exact"],
        OddsRatioMethod.MantelHaenszel => words.Say("study-method-mantel-haenszel", summary.Strata),
        _ => "",
    };

    private XElement Plot()
    {
        var ends = Ratios.Where(pair => pair.Ratio.Estimate is not null).SelectMany(pair => (double[])[pair.Ratio.Estimate!.Value.Low, pair.Ratio.Estimate!.Value.High])
            .Where(end => end > 0 && double.IsFinite(end)).Append(0.5).Append(2).ToList();
        var (first, last) = (Math.Max(ends.Min() / 1.2, Ticks[0]), Math.Min(ends.Max() * 1.2, Ticks[^1]));
        double At(double value) => Left + ((Right - Left) * (Math.Log(Math.Clamp(value, first, last)) - Math.Log(first)) / (Math.Log(last) - Math.Log(first)));
        var bottom = (RowHeight * 2) + 8;
        return Svg(Width, bottom + 26, words["study-odds-plot"],
            Ticks.Where(tick => tick >= first && tick <= last).SelectMany(tick => (XElement[])
                [Line(At(tick), 4, At(tick), bottom, tick is 1 ? "axis" : "grid"), Text(At(tick), bottom + 18, words.Number((decimal)tick), "middle", "small")]),
            Ratios.SelectMany((pair, i) => Interval(pair.Name, pair.Ratio, (i * RowHeight) + 28, At)));
    }

    private IEnumerable<XElement> Interval(string name, PublishedOddsRatio ratio, double y, Func<double, double> at)
    {
        yield return Text(Left - 12, y + 4, name, "end");
        if (ratio.Estimate is not { } estimate)
        {
            yield return Text(Left, y + 4, words[ratio.Availability == Availability.Hidden ? "study-odds-hidden" : "study-odds-nothing"], style: "small");
            yield break;
        }

        yield return Line(at(estimate.Low), y, at(estimate.High), y, "mark");
        foreach (var end in (double[])[estimate.Low, estimate.High])
        {
            yield return Line(at(end), y - 6, at(end), y + 6, "mark");
        }

        yield return Box(at(estimate.Value) - 5, y - 5, 10, 10, "mark");
        yield return Text(Math.Min(at(estimate.Value), Right - 90), y - 10, Value(ratio), "middle", "small halo");
    }
}
