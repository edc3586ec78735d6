using System.Text;
using System.Xml.Linq;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;
using FhirMg.Screening.Study.Page;

namespace FhirMg.Screening.Tests.Study;

/// <summary>The page: whole in itself, in both languages, and saying no more than the study publishes.</summary>
public sealed class SummaryPageTests
{
    public static TheoryData<int, int> Pages => new() { { 0, 5 }, { 3, 5 }, { 60, 5 }, { 600, 5 }, { 20_000, 5 }, { 600, 0 } };

    [Theory]
    [MemberData(nameof(Pages))]
    public void It_needs_nothing_from_elsewhere_and_runs_nothing(int size, int suppressBelow)
    {
        var page = Parse(Cohorts.Summary(Cohorts.Random(5, size), suppressBelow), Language.English);
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("@import", page.ToString(), StringComparison.Ordinal);
        var ids = page.Descendants().Attributes("id").Select(attribute => attribute.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Both_languages_say_the_same(int size, int suppressBelow)
    {
        var page = Parse(Cohorts.Summary(Cohorts.Random(5, size), suppressBelow), Language.Russian);
        var (english, russian) = (Part(page, "en"), Part(page, "ru"));
        Assert.Equal(english.Descendants().Select(element => element.Name), russian.Descendants().Select(element => element.Name));
        Assert.DoesNotMatch(@"\p{IsCyrillic}", english.Value);
        Assert.Matches(@"\p{IsCyrillic}{6}", russian.Value);
        Assert.Equal("ru", (string)page.Attribute("lang")!);
        Assert.Equal("lang-ru", (string)page.Descendants("input").Single(input => input.Attribute("checked") is not null).Attribute("id")!);
        Assert.All((string[])["en", "ru"], tag => Assert.Equal(6, Part(page, tag).Descendants("section").Single(section => (string?)section.Attribute("class") == "limits").Descendants("li").Count()));
    }

    [Fact]
    public void Every_drawing_has_its_words_and_a_table_beside_it()
    {
        var page = Parse(Cohorts.Summary(Cohorts.Random(5, 2000), 5), Language.English);
        var drawings = page.Descendants("svg").Where(svg => (string?)svg.Attribute("role") == "img").ToList();
        Assert.True(drawings.Count >= 18, $"{drawings.Count}");
        Assert.All(drawings, svg => Assert.False(string.IsNullOrWhiteSpace((string?)svg.Attribute("aria-label"))));
        Assert.All(drawings, svg => Assert.NotEmpty(svg.Ancestors("section").First().Descendants("table")));
        Assert.All(page.Descendants("table"), table => Assert.All(table.Descendants("th"), header => Assert.NotNull(header.Attribute("scope"))));
    }

    [Fact]
    public void Small_counts_are_in_no_cell()
    {
        var page = Parse(Cohorts.Summary(Cohorts.Random(5, 400), 5), Language.English);
        var cells = page.Descendants("td").Select(cell => cell.Nodes().OfType<XText>().FirstOrDefault()?.Value).OfType<string>().ToList();
        Assert.True(cells.Count > 200);
        Assert.DoesNotContain(cells, cell => cell is "1" or "2" or "3" or "4");
        Assert.Contains(page.Descendants("span"), span => span.Value == "not shown");
    }

    [Fact]
    public void A_page_that_hides_nothing_says_so()
    {
        Assert.Contains("may identify people", Part(Parse(Cohorts.Summary(Cohorts.Random(5, 50), 0), Language.English), "en").Value, StringComparison.Ordinal);
        Assert.DoesNotContain("may identify people", Part(Parse(Cohorts.Summary(Cohorts.Random(5, 50), 5), Language.English), "en").Value, StringComparison.Ordinal);
    }

    private static XElement Part(XElement page, string tag) => page.Descendants("div").Single(part => (string?)part.Attribute("class") == tag);

    private static XElement Parse(CohortSummary summary, Language language)
    {
        using var output = new MemoryStream();
        SummaryPage.Write(output, summary, language);
        var text = Encoding.UTF8.GetString(output.ToArray());
        Assert.StartsWith("<!DOCTYPE html>\n<html", text, StringComparison.Ordinal);
        return XElement.Parse(text[text.IndexOf('\n', StringComparison.Ordinal)..]);
    }
}
