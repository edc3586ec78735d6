using Deque.AxeCore.Playwright;
using FhirMg.Browsing;
using Xunit.Sdk;

namespace FhirMg.Sandbox.Tests;

/// <summary>That the checks of pages find what they are there for.</summary>
public sealed class BrowserTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_good_page_passes_on_every_screen()
    {
        foreach (var screen in Screen.All)
        {
            await using var context = await browser.OpenAsync(screen);
            var page = await context.NewPageAsync();
            await page.SetContentAsync(Page("<p>Text</p>"));
            await page.AssertGoodAsync($"good-{screen}");
            Assert.Equal(screen.Width, await page.EvaluateAsync<int>("innerWidth"));
            Assert.Equal(screen.Language, (await page.EvaluateAsync<string>("navigator.language")).Split('-')[0]);
            Assert.Equal(screen.Dark, await page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches"));
        }
    }

    [Theory]
    [InlineData("<img src=data:,>", "image-alt")]
    [InlineData("<iframe title=inside srcdoc=\"<html lang=en><title>x</title><body><main><h1>x</h1><img src='data:,'></main>\"></iframe>", "image-alt")]
    [InlineData("<p style='color:#ccc;background:#fff'>pale</p>", "color-contrast")]
    [InlineData("<p style='width:3000px'>wide</p>", "wider than its screen")]
    public async Task A_page_with_a_fault_does_not(string fault, string named)
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.SetContentAsync(Page(fault));
        var found = await Assert.ThrowsAnyAsync<XunitException>(() => page.AssertGoodAsync("bad"));
        Assert.Contains(named, found.Message);
    }

    [Fact]
    public async Task Axe_finds_what_it_finds_by_its_own_runner()
    {
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        await page.SetContentAsync(Page("<img src=data:,><input><p style='color:#ccc;background:#fff'>pale</p><iframe title=inside srcdoc='<img src=data:,>'></iframe>"));
        var ours = await Assert.ThrowsAnyAsync<XunitException>(() => page.AssertAccessibleAsync("bad"));
        var theirs = (await page.RunAxe()).Violations;
        Assert.True(theirs.Length >= 3, $"{theirs.Length}");
        Assert.All(theirs, one => Assert.Contains($"{one.Id} (", ours.Message));
        Assert.Contains($"bad: {theirs.Sum(one => one.Nodes.Length)} violation(s)", ours.Message);
    }

    private static string Page(string content) => $"<!DOCTYPE html><html lang=en><title>A page</title><main><h1>A page</h1>{content}</main></html>";
}
