using System.Xml.Linq;

namespace FhirMg.Cli.Tests;

/// <summary><c>--plot</c>: serum magnesium over time.</summary>
public sealed class PlotTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("trend-of-two-values", "en", "Serum magnesium over time", "Magnesium, mmol/L", "reference interval for the age")]
    [InlineData("trend-of-two-values", "ru", "Магний сыворотки во времени", "Магний, ммоль/л", "референсный интервал для возраста")]
    [InlineData("missing-serum-with-migraine", "en", "No serum magnesium result that counts", "as of 2026-11-23 00:00 Z", "severe: < 0.4")]
    [InlineData("serum-below-0-5-by-comparator", "en", "< 0.5", "open-ended: above or below the mark", "Patient/p1")]
    [InlineData("on-magnesium-three-months-review", "en", "optimal interval (adults): 0.8–0.85", "magnesium: A12CC04 magnesium citrate, from 2026-08-23", "mild: < 0.7")]
    [InlineData("deceased-boolean", "ru", "Магний сыворотки во времени", "Пациент указан как умерший", "Patient/p1")]
    [InlineData("no-birth-date-serum-indeterminate", "en", "indeterminate", "0.68", "reference interval for the age")]
    public void An_svg_says_it_in_words(string name, string language, params string[] said)
    {
        var file = _workspace.Path("plot.svg");
        var run = Fhirmg.Evaluate(Repository.Sample(name), "--plot", file, "--lang", language);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var svg = XDocument.Load(file).Root!;
        Assert.Equal("svg", svg.Name.LocalName);
        var texts = svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        Assert.All(said, text => Assert.Contains(texts, shown => shown.Contains(text, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("trend-of-two-values", "ru")]
    [InlineData("missing-serum-with-migraine", "en")]
    public void A_png_is_a_png_also_without_any_font_installed(string name, string language)
    {
        var file = _workspace.Path("plot.PNG");
        var run = Fhirmg.Run(["evaluate", Repository.Sample(name), "--plot", file, "--lang", language, "--as-of", Fhirmg.AsOf], "", NoFonts);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var bytes = File.ReadAllBytes(file);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], bytes[..8]);

        // Two thousand pixels wide, and drawn on: an empty picture of this size packs to a few kilobytes.
        Assert.Equal(2000, (bytes[18] << 8) | bytes[19]);
        Assert.True(bytes.Length > 40_000, $"{bytes.Length}");
    }

    [Fact]
    public void Many_results_over_many_years_are_drawn()
    {
        var results = Enumerable.Range(0, 400).Select(i => Resources.Serum($"o{i}", "p1", $"0.{50 + (i % 45)}", $"{1990 + (i / 12)}-{(i % 12) + 1:00}-15"));
        var input = _workspace.Write("many.json", Resources.Bundle([Resources.Patient("p1"), .. results]));
        var file = _workspace.Path("many.svg");
        Assert.Equal(0, Fhirmg.Evaluate(input, "--plot", file).ExitCode);
        Assert.True(XDocument.Load(file).Descendants().Count(element => element.Name.LocalName == "circle") >= 400);
    }

    [Fact]
    public void A_plot_that_cannot_be_written_is_an_error()
    {
        var run = Fhirmg.Evaluate(Repository.Sample("trend-of-two-values"), "--plot", _workspace.Path("no/such/x.svg"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("x.svg: it cannot be written", run.Errors, StringComparison.Ordinal);
    }

    // fontconfig, where it is used at all, then finds no font.
    private static void NoFonts(IDictionary<string, string?> environment) => environment["FONTCONFIG_FILE"] = "/dev/null";
}
