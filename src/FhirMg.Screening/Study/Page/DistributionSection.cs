using System.Xml.Linq;
using FhirMg.Reasoning.Reading;
using static FhirMg.Screening.Study.Page.Html;

namespace FhirMg.Screening.Study.Page;

/// <summary>Serum magnesium with and without migraine: histograms, cumulative shares, quantiles.</summary>
internal sealed class DistributionSection(CohortSummary summary, Wording words)
{
    private const double Width = 960, Left = 64, Right = 940, PanelHeight = 150, From = 0.3, To = 1.5;
    private static readonly (string Code, decimal Share)[] Quantiles = [("5", 0.05m), ("25", 0.25m), ("50", 0.5m), ("75", 0.75m), ("95", 0.95m)];

    private IEnumerable<(string Code, string Style, Distribution? Distribution)> Groups =>
        [("study-with", "with", summary.With), ("study-without", "without", summary.Without)];

    public XElement Section() => El("section",
        El("h2", words["study-distribution"]),
        Groups.Any(group => group.Distribution is { Count: > 0 })
            ? new object[]
            {
                El("figure", Histograms(), El("figcaption", words["study-histogram"])),
                El("figure", Cumulative(), El("figcaption", words["study-cumulative"])),
                QuantileTable(),
                El("p", Class("faint"), words["study-quantiles-note"]),
                El("details", El("summary", words["study-bins"]), Groups.Select(BinTable)),
            }
            : El("p", words[Groups.Any(group => group.Distribution is null) ? "study-distribution-hidden" : "study-no-values"]));

    private static double X(double value) => Left + ((Right - Left) * (Math.Clamp(value, From, To) - From) / (To - From));

    private static double Share(Distribution distribution, DistributionBin bin) => (double)bin.Count / distribution.Count;

    // The share per bin of the smallest width, so that joined bins are not taller than they are many.
    private static double Density(Distribution distribution, DistributionBin bin) =>
        Share(distribution, bin) * (double)((SerumBins.Start(1) - SerumBins.Start(0)) / ((bin.To ?? SerumBins.Start(SerumBins.Count)) - bin.From));

    private XElement Histograms()
    {
        var top = Groups.Where(group => group.Distribution is { Count: > 0 }).SelectMany(group => group.Distribution!.Bins.Select(bin => Density(group.Distribution, bin))).Max();
        var step = top > 0.2 ? 0.1 : top > 0.08 ? 0.05 : 0.02;
        var scale = Math.Ceiling(top / step) * step;
        return Svg(Width, (PanelHeight * 2) + 104, words["study-histogram"],
            Groups.SelectMany((group, i) => Panel(group.Code, group.Style, group.Distribution, 24 + (i * (PanelHeight + 30)), scale, step)),
            Axis((PanelHeight * 2) + 54));
    }

    private IEnumerable<XElement> Panel(string code, string style, Distribution? distribution, double y, double scale, double step)
    {
        var bottom = y + PanelHeight;
        foreach (var band in Reference(y, bottom))
        {
            yield return band;
        }

        for (var tick = 0d; tick <= scale + (step / 2); tick += step)
        {
            yield return Line(Left, bottom - (PanelHeight * tick / scale), Right, bottom - (PanelHeight * tick / scale), "grid");
            yield return Text(Left - 8, bottom - (PanelHeight * tick / scale) + 4, words.Say("study-percent", words.Number((decimal)Math.Round(tick * 100))), "end", "small");
        }

        yield return Text(Left, y - 8, distribution is { } counted ? $"{words[code]} · {words["study-patients"]}: {words.Count(counted.Count)}" : $"{words[code]} · {words["study-distribution-hidden"]}");
        foreach (var bin in distribution is { Count: > 0 } ? distribution.Bins : [])
        {
            var (left, right) = (X((double)bin.From), X((double)(bin.To ?? (decimal)To)));
            var height = PanelHeight * Density(distribution!, bin) / scale;
            yield return Box(left + 0.5, bottom - height, right - left - 1, height, style);
        }

        yield return Line(Left, bottom, Right, bottom, "axis");
    }

    private XElement Cumulative()
    {
        const double Top = 24, Bottom = Top + 220;
        double Y(double share) => Bottom - ((Bottom - Top) * share);
        return Svg(Width, Bottom + 62, words["study-cumulative"],
            Reference(Top, Bottom),
            Enumerable.Range(0, 5).SelectMany(i => (XElement[])
                [Line(Left, Y(i / 4d), Right, Y(i / 4d), "grid"), Text(Left - 8, Y(i / 4d) + 4, words.Say("study-percent", words.Number(25 * i)), "end", "small")]),
            Groups.Where(group => group.Distribution is { Count: > 0 }).SelectMany((group, i) => Curve(group.Code, group.Style, group.Distribution!, i, Y)),
            Axis(Bottom));
    }

    private IEnumerable<XElement> Curve(string code, string style, Distribution distribution, int index, Func<double, double> y)
    {
        var points = new List<string>();
        double below = 0;
        foreach (var bin in distribution.Bins)
        {
            // The curve enters the drawing where it is by then, and ends where nobody knows how it goes on.
            var (from, share) = ((double)bin.From, Share(distribution, bin));
            var to = (double)(bin.To ?? bin.From);
            if (to > From && from <= To)
            {
                var entered = Math.Max(from, From);
                points.Add($"{Place(X(entered))},{Place(y(below + (to > from ? share * (entered - from) / (to - from) : 0)))}");
            }

            below += share;
        }

        yield return El("polyline", At("points", string.Join(' ', points)), Class($"curve line-{style}"));

        // A key with the line itself: told apart also without colours.
        yield return El("polyline", At("points", $"{Place(Left + 16)},{Place(40 + (index * 22))} {Place(Left + 56)},{Place(40 + (index * 22))}"), Class($"curve line-{style}"));
        yield return Text(Left + 64, 44 + (index * 22), words[code]);
    }

    private IEnumerable<XElement> Axis(double y)
    {
        for (var tick = 3; tick <= 15; tick++)
        {
            yield return Line(X(tick / 10d), y, X(tick / 10d), y + 5, "axis");
            yield return Text(X(tick / 10d), y + 20, words.Number(tick / 10m, "0.0"), "middle", "small");
        }

        yield return Text((Left + Right) / 2, y + 42, words["study-axis"], "middle", "small");
    }

    // The reference interval of adults: the last band of age.
    private IEnumerable<XElement> Reference(double top, double bottom)
    {
        if (summary.Knowledge.Serum.Bands[^1].Reference is not { Low: { } low, High: { } high })
        {
            yield break;
        }

        yield return Box(X((double)low), top, X((double)high) - X((double)low), bottom - top, "band");
        yield return Text(X((double)high), top - 8, words.Say("study-reference", words.Number(low, "0.00"), words.Number(high, "0.00")), "end", "small");
    }

    private XElement QuantileTable() => El("table",
        El("caption", words["study-axis"]),
        El("thead", El("tr", El("th", At("scope", "col"), words["study-quantile"]), Groups.Select(group => El("th", At("scope", "col"), words[group.Code])))),
        El("tbody", Quantiles.Select(quantile => El("tr",
            El("th", At("scope", "row"), quantile.Code == "50" ? words["study-median"] : words.Say("study-percent", quantile.Code)),
            Groups.Select(group => El("td", group.Distribution?.Quantile(quantile.Share) is { } value ? words.Number(value, "0.00") : "–"))))));

    private XElement? BinTable((string Code, string Style, Distribution? Distribution) group) => group.Distribution is not { Count: > 0 } distribution ? null : El("table",
        El("caption", words[group.Code]),
        El("thead", El("tr", El("th", At("scope", "col"), words["study-bin"]), El("th", At("scope", "col"), words["study-count"]), El("th", At("scope", "col"), words["study-share"]))),
        El("tbody", distribution.Bins.Where(bin => bin.Count > 0).Select(bin => El("tr",
            El("th", At("scope", "row"), bin.To is { } to ? $"{words.Number(bin.From, "0.00")} – {words.Number(to, "0.00")}" : words.Say("study-bin-above", words.Number(bin.From, "0.00"))),
            El("td", words.Count(bin.Count)),
            El("td", words.Say("study-percent", words.Number((decimal)Share(distribution, bin) * 100, "0.0")))))));
}
