using System.Xml.Linq;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using static FhirMg.Screening.Study.Page.Html;

namespace FhirMg.Screening.Study.Page;

/// <summary>Writes <c>summary.html</c>: the study for people, one page without scripts or anything fetched, in both languages.</summary>
internal static class SummaryPage
{
    private static readonly Language[] Languages = [Language.English, Language.Russian];

    /// <summary>Writes the page, opened in the given language.</summary>
    public static void Write(Stream output, CohortSummary summary, Language language)
    {
        var words = Languages.Select(one => new Wording(summary.Knowledge, one)).ToList();
        var first = words.Single(one => one.Language == language);
        var page = El("html", At("lang", first.Tag),
            El("head",
                El("meta", At("charset", "utf-8")),
                El("meta", At("name", "viewport"), At("content", "width=device-width, initial-scale=1")),
                El("title", first["study-title"]),
                El("style", Style())),
            El("body",
                Veil(),
                El("main", words.SelectMany(one => Switch(one, isFirst: one == first)), words.Select(one => Content(summary, one)))));
        using var writer = new StreamWriter(output, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.Write("<!DOCTYPE html>\n");
        writer.Write(page.ToString(SaveOptions.DisableFormatting));
        writer.Write('\n');
    }

    private static string Style()
    {
        using var reader = new StreamReader(typeof(SummaryPage).Assembly.GetManifestResourceStream("summary.css")!);
        return reader.ReadToEnd();
    }

    private static IEnumerable<XElement> Switch(Wording words, bool isFirst)
    {
        yield return El("input", At("type", "radio"), At("name", "lang"), At("id", $"lang-{words.Tag}"), Class("lang"), isFirst ? At("checked", "checked") : null);
        yield return El("label", Class("lang"), At("for", $"lang-{words.Tag}"), At("lang", words.Tag), words["study-language-name"]);
    }

    // The hatching of what is not shown, once for all drawings.
    private static XElement Veil() => El("svg", At("width", "0"), At("height", "0"), At("style", "position:absolute"), At("aria-hidden", "true"), El("defs",
        El("pattern", At("id", "veil"), At("width", "7"), At("height", "7"), At("patternUnits", "userSpaceOnUse"), At("patternTransform", "rotate(45)"), Line(0, 0, 0, 7, "veil-line"))));

    private static XElement Content(CohortSummary summary, Wording words)
    {
        var tables = new StatusTable(summary, words);
        var hidesSome = summary.SuppressBelow > 1;
        return El("div", Class(words.Tag), At("lang", words.Tag),
            El("header",
                El("h1", words["study-title"]),
                El("p", Class("faint"), words.Say("study-as-of", summary.AsOf.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), summary.Knowledge.Version), " · ", words["study-decision-support"])),
            hidesSome ? null : El("p", Class("alarm"), words["study-everything-shown"]),
            Tiles(summary, words, tables),
            El("section", Class("limits"), El("h2", words["study-limits"]), El("ul", words.Limits().Select(limit => El("li", limit)))),
            hidesSome ? El("p", Class("faint"), words.Say("study-hidden-note", "•", summary.SuppressBelow - 1)) : null,
            new OddsSection(summary, words).Section(),
            new DistributionSection(summary, words).Section(),
            Testing(summary, words, tables),
            CohortTables.All.Select(tables.Section),
            El("section", El("h2", words["study-how"]), El("ul",
                ((string[])["study-how-forms", "study-how-age", "study-how-odds", "study-how-shares"]).Select(code => El("li", words[code])))));
    }

    private static XElement Tiles(CohortSummary summary, Wording words, StatusTable tables)
    {
        var all = summary[FigureRow.All, FigureColumn.All];
        var untested = summary[FigureRow.Of(SerumStatus.Missing), FigureColumn.All] + summary[FigureRow.Of(SerumStatus.Stale), FigureColumn.All];
        return El("dl", Class("tiles"),
            Tile(words["study-patients"], tables.Count(all)),
            Tile(words["study-with-migraine"], tables.Count(summary[FigureRow.All, FigureColumn.AnyMigraine])),
            Tile(words["study-tested"], tables.Count(all - untested)),
            Tile(words["study-latent"], tables.Count(summary[FigureRow.Of(Deficiency.LatentSuspected), FigureColumn.All])),
            summary.Deceased is not 0 ? Tile(words["study-deceased"], tables.Count(summary.Deceased)) : null);
    }

    private static XElement Tile(string name, object value) => El("div", Class("tile"), El("dt", name), El("dd", value));

    private static XElement Testing(CohortSummary summary, Wording words, StatusTable tables) => El("section",
        El("h2", words["study-testing"]),
        El("table",
            El("thead", El("tr", El("th", At("scope", "col"), words["study-testing-group"]), El("th", At("scope", "col"), words["study-count"]))),
            El("tbody",
                ((string, FigureRow)[])[("study-never-tested", FigureRow.Of(SerumStatus.Missing)), ("study-stale", FigureRow.Of(SerumStatus.Stale)), ("study-latent", FigureRow.Of(Deficiency.LatentSuspected))]
                    is var rows ? rows.Select(row => El("tr", El("th", At("scope", "row"), words[row.Item1]), tables.Cell(row.Item2, FigureColumn.AnyMigraine))) : null,
                El("tr", Class("sum"), El("th", At("scope", "row"), words["any"]), El("td", tables.Count(summary[FigureRow.All, FigureColumn.AnyMigraine]))))));
}
