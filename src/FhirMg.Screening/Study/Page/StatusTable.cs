using System.Xml.Linq;
using static FhirMg.Screening.Study.Page.Html;

namespace FhirMg.Screening.Study.Page;

/// <summary>One table of the study, with its bars.</summary>
internal sealed class StatusTable(CohortSummary summary, Wording words)
{
    private const double Width = 960, LabelWidth = 190, BarHeight = 24, Gap = 9, Least = 0.05;

    public XElement Section(CohortTable table) => El("section",
        El("h2", words[table.Code]),
        El("figure", Bars(table), Legend(table)),
        El("div", Class("scroll"), At("role", "region"), At("aria-label", words[table.Code]), At("tabindex", "0"), Table(table)));

    private XElement Table(CohortTable table) => El("table",
        El("caption", words["study-how-shares"]),
        El("thead", El("tr", El("th", At("scope", "col"), words[IsStatus(table) ? "study-status" : "study-class"]),
            table.Columns.Select(column => El("th", At("scope", "col"), words[column.Code])))),
        El("tbody",
            table.Rows.Select(row => El("tr", El("th", At("scope", "row"), words[row.Code]), table.Columns.Select(column => Cell(row.Row, column.Column)))),
            El("tr", Class("sum"), El("th", At("scope", "row"), words["study-patients"]), table.Columns.Select(column => El("td", Count(summary[FigureRow.All, column.Column]))))));

    /// <summary>A count, or the sign that it is hidden.</summary>
    public object Count(long? count) => count is { } shown ? words.Count(shown)
        : new object[] { El("span", At("aria-hidden", "true"), "•"), Hidden(words["study-not-shown"]) };

    /// <summary>A count with its share of the column.</summary>
    public XElement Cell(FigureRow row, FigureColumn column) => El("td", Count(summary[row, column]),
        summary.Percent(row, column) is { } percent and > 0 ? El("small", words.Say("study-percent", words.Number(percent, "0.0"))) : null);

    private static bool IsStatus(CohortTable table) => table.Rows == CohortTables.SerumStatus;

    private XElement Bars(CohortTable table)
    {
        var height = (table.Columns.Count * (BarHeight + Gap)) + Gap;
        return Svg(Width, height, words.Say("study-bars", words[table.Code]), table.Columns.Select((column, i) => Bar(table, column, Gap + (i * (BarHeight + Gap)))));
    }

    private IEnumerable<XElement> Bar(CohortTable table, CodedColumn column, double y)
    {
        const double Whole = Width - LabelWidth;
        yield return Text(LabelWidth - 10, y + 17, words[column.Code], "end");
        if (summary[FigureRow.All, column.Column] is 0)
        {
            yield return Text(LabelWidth, y + 17, words["study-no-values"], style: "small");
            yield break;
        }

        // What is hidden is the rest of the bar: its length is no more than the table says.
        double x = LabelWidth;
        foreach (var row in table.Rows)
        {
            var share = (double)(summary.Percent(row.Row, column.Column) ?? 0) / 100;
            if (share > 0)
            {
                yield return Box(x, y, share * Whole, BarHeight, "segment", ConclusionColor.Of(row.Code));
                if (share > Least)
                {
                    yield return El("text", At("x", x + (share * Whole / 2)), At("y", y + 16.5), At("text-anchor", "middle"),
                        At("style", $"fill:{ConclusionColor.InkOn(row.Code)}"), words.Say("study-percent", words.Number((decimal)share * 100, "0")));
                }

                x += share * Whole;
            }
        }

        if (table.Rows.Any(row => summary[row.Row, column.Column] is null))
        {
            yield return Box(x, y, Width - x, BarHeight, "veil");
        }
    }

    private XElement Legend(CohortTable table) => El("ul", Class("legend"), At("aria-hidden", "true"),
        table.Rows.Select(row => El("li", El("i", At("style", $"background:{ConclusionColor.Of(row.Code)}"), ""), words[row.Code])),
        table.Columns.Any(column => table.Rows.Any(row => summary[row.Row, column.Column] is null))
            ? El("li", El("i", Class("veiled"), ""), words["study-not-shown"])
            : null);
}
