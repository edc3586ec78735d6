using Microsoft.Playwright;

namespace FhirMg.Browsing;

/// <summary>What holds of every page, and pictures to look at.</summary>
public static class PageChecks
{
    /// <summary>axe finds no violation in the page and its frames, and nothing is wider than the screen; then a picture is saved.</summary>
    /// <param name="page">The page, as it stands. JavaScript must be on.</param>
    /// <param name="state">What the page shows, in the message and in the picture's name: <c>chart-open-ru-dark-400</c>.</param>
    public static async Task AssertGoodAsync(this IPage page, string state)
    {
        await page.SaveScreenshotAsync(state);
        await page.AssertAccessibleAsync(state);
        var beyond = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(beyond <= 0, $"{state}: the page is {beyond} px wider than its screen");
    }

    /// <summary>axe finds no violation in the page and its frames.</summary>
    public static async Task AssertAccessibleAsync(this IPage page, string state)
    {
        var violations = await Axe.ViolationsAsync(page);
        if (violations.Count > 0)
        {
            Assert.Fail($"{state}: {violations.Count} violation(s) of accessibility\n{string.Join('\n', violations)}");
        }
    }

    /// <summary>Saves the whole page as <c>{state}.png</c> in the folder that <c>FHIRMG_SCREENSHOTS</c> names; nothing without it.</summary>
    public static async Task SaveScreenshotAsync(this IPage page, string state)
    {
        if (Environment.GetEnvironmentVariable("FHIRMG_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{state}.png"), FullPage = true });
        }
    }
}
