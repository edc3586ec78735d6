using System.Text.Json.Nodes;
using FhirMg.Browsing;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Simulators;
using Microsoft.Playwright;

namespace FhirMg.Service.Tests.Screenings;

/// <summary>The pages to start and to watch a screening, in a real browser.</summary>
public sealed class ScreeningPageTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("screening-pages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("en", false, 1280)]
    [InlineData("ru", true, 400)]
    public async Task A_screening_is_started_watched_and_its_results_are_opened(string language, bool dark, int width)
    {
        await using var server = await BulkServer.StartAsync(
            [new JsonObject { ["resourceType"] = "Patient", ["id"] = "p1", ["birthDate"] = "1980-05-05" }],
            new() { Statuses = [.. Enumerable.Repeat(new StatusAnswer(202, "1", "10 %"), 1000)] });
        await using var service = await StartAsync(server);
        await using var context = await browser.OpenAsync(new(language, dark, width));
        var words = new PhraseBook(Knowledge.BuiltIn, language == "ru" ? Language.Russian : Language.English);
        var page = await context.NewPageAsync();

        await page.GotoAsync(new Uri(service.Url, "/screenings").AbsoluteUri);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(words["screenings-none"]);
        await page.AssertGoodAsync($"screenings-none-{language}");
        await page.GetByRole(AriaRole.Button, new() { Name = words["screenings-start"] }).ClickAsync();

        // Live by the script, in the words of the page.
        await Assertions.Expect(page.Locator("#phase")).ToContainTextAsync("10 %");
        await page.AssertGoodAsync($"screenings-running-{language}");
        server.Options = server.Options with { Statuses = [] };
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync(words["screenings-is-done"]);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "summary.html" })).ToBeVisibleAsync();
        await page.AssertGoodAsync($"screenings-done-{language}");
        await page.GetByRole(AriaRole.Link, new() { Name = words["screenings-all-link"] }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.AssertGoodAsync($"screenings-list-{language}");
    }

    [Fact]
    public async Task Without_a_script_a_screening_is_stopped_all_the_same()
    {
        await using var server = await BulkServer.StartAsync([], new() { Statuses = [.. Enumerable.Repeat(new StatusAnswer(202, "1", "10 %"), 1000)] });
        await using var service = await StartAsync(server);
        await using var context = await browser.OpenAsync(new(Script: false));
        var page = await context.NewPageAsync();

        await page.GotoAsync(new Uri(service.Url, "/screenings").AbsoluteUri);
        await page.Locator("button").ClickAsync();
        await page.Locator("form button").ClickAsync();
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("cancelled");
    }

    [Fact]
    public void Every_state_and_phase_has_its_word() => Assert.All(
        ((string[])["waiting", "running", "done", "failed", "cancelled", "starting", "preparing", "downloading", "searching", "reading", "evaluating"]),
        state => Assert.Contains($"screenings-is-{state}", Knowledge.BuiltIn.Wording.Keys));

    private Task<RunningService> StartAsync(BulkServer server) => RunningService.StartAsync(new Dictionary<string, string?>
    {
        ["Servers:0:Name"] = "hospital",
        ["Servers:0:BaseUrl"] = server.BaseUrl.AbsoluteUri,
        ["Screenings:Directory"] = Path.Combine(_folder, "jobs"),
    });
}
