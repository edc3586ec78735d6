using System.Text;
using FhirMg.Browsing;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study.Page;

namespace FhirMg.Screening.Tests.Study;

/// <summary>The page as a person sees it, in both languages, colour schemes and widths.</summary>
public sealed class SummaryBrowserTests(Browser browser) : IClassFixture<Browser>
{
    public static TheoryData<string, bool, int> Screens => new(Screen.All.Select(screen => new TheoryDataRow<string, bool, int>(screen.Language, screen.Dark, screen.Width)));

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task It_is_accessible_and_no_wider_than_the_screen(string language, bool dark, int width)
    {
        var screen = new Screen(language, dark, width);
        await using var context = await browser.OpenAsync(screen);
        var page = await context.NewPageAsync();
        using var output = new MemoryStream();
        SummaryPage.Write(output, Cohorts.Summary(Cohorts.Random(5, 2000), 5), language == "ru" ? Language.Russian : Language.English);
        await page.SetContentAsync(Encoding.UTF8.GetString(output.ToArray()));
        await page.AssertGoodAsync($"summary-{screen}");
    }
}
