using FhirMg.Browsing;
using FhirMg.Sandbox;
using Microsoft.Playwright;

namespace FhirMg.Service.Tests.App;

/// <summary>Every state of the page: readable by everybody, on every screen, in both languages.</summary>
public sealed class StateTests(Browser browser) : IClassFixture<Browser>
{
    // The widest and the narrowest, the light and the dark, the one language and the other; all eight for the main state.
    private static readonly Screen[] Ends = [new(), new("ru", Dark: true, Width: 400)];

    [Fact]
    public async Task A_patient_with_everything_to_decide_is_readable_on_every_screen()
    {
        await using var hospital = await AppHospital.StartAsync();
        foreach (var screen in Screen.All)
        {
            await LookAsync(hospital, screen, AppHospital.Mild, "decide", page => page.Locator(".conclusion"), opened: true);
        }
    }

    [Theory]
    [InlineData("adult-severe-urgent-review-p1", "severe", "#rule-SAFE-8")]
    [InlineData("chart-elderly-kidney-disease-on-magnesium-mrn-20391", "kidney", "#rule-SAFE-1")]
    [InlineData("adult-normal-serum-does-not-exclude-p1", "not-excluded", ".conclusion")]
    [InlineData("missing-serum-with-migraine-p1", "missing", ".conclusion")]
    [InlineData("wrong-unit-newer-than-current-p1", "unit", ".conclusion")]
    [InlineData("stale-serum-p1", "stale", ".conclusion")]
    [InlineData("patient-alone-nothing-known-p1", "nothing", ".conclusion")]
    [InlineData("deceased-by-date-p1", "deceased", ".card")]
    [InlineData("chart-russian-inpatient-attack-with-aura-p-4471", "attack", ".conclusion")]
    public async Task A_state_of_the_case_is_readable(string patient, string state, string shows)
    {
        await using var hospital = await AppHospital.StartAsync();
        Assert.Contains(patient, hospital.Sandbox.Patients);
        foreach (var screen in Ends)
        {
            await LookAsync(hospital, screen, patient, state, page => page.Locator(shows), opened: true);
        }
    }

    [Fact]
    public async Task Where_nothing_may_be_written_the_page_is_readable()
    {
        await using var hospital = await AppHospital.StartAsync(settings: new Dictionary<string, string?> { ["Servers:0:Scopes"] = "launch openid fhirUser patient/*.rs" });
        foreach (var screen in Ends)
        {
            await LookAsync(hospital, screen, AppHospital.Mild, "read-only", page => page.Locator(".proposal.copyonly").First, opened: true);
        }
    }

    [Fact]
    public async Task Where_the_server_fails_or_gives_half_nothing_passes_for_the_whole()
    {
        await using var hospital = await AppHospital.StartAsync(settings: new Dictionary<string, string?> { ["Servers:0:Deadline"] = "00:00:15" });
        foreach (var screen in Ends)
        {
            await using var context = await browser.OpenAsync(screen);
            var page = await hospital.LaunchAsync(context);
            hospital.Sandbox.Faults = new() { Status = 503, Times = 0 };
            await page.ReloadAsync();
            hospital.Sandbox.Faults = new();
            await Assertions.Expect(page.Locator("main")).ToContainTextAsync(AppHospital.Words(screen.Language)["page-server-failed"]);
            await Assertions.Expect(page.Locator(".conclusion")).ToHaveCountAsync(0);
            await page.AssertGoodAsync($"app-server-failed-{screen}");
            await page.Locator("main a.button").ClickAsync();
            await Assertions.Expect(page.Locator(".conclusion")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Data_that_were_left_with_a_merged_record_are_counted_and_both_records_are_named()
    {
        await using var hospital = await AppHospital.StartAsync(settings: new Dictionary<string, string?> { ["Servers:0:Scopes"] = "launch openid fhirUser user/*.rs" });
        await hospital.PutAsync($$"""{"resourceType":"Patient","id":"old","active":false,"link":[{"other":{"reference":"Patient/{{AppHospital.Mild}}"},"type":"replaced-by"}]}""");
        await hospital.PutAsync("""{"resourceType":"Condition","id":"left","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"N18.5"}]},"subject":{"reference":"Patient/old"}}""");
        foreach (var screen in Ends)
        {
            await using var context = await browser.OpenAsync(screen);
            var page = await hospital.LaunchAsync(context, "old");
            await Assertions.Expect(page.Locator("#rule-SAFE-1")).ToBeVisibleAsync();
            var words = AppHospital.Words(screen.Language);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = words["joined"] })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("main")).ToContainTextAsync(words.Say("joined-from", "Patient/old", $"Patient/{AppHospital.Mild}"));
            await Assertions.Expect(page.Locator(".notice")).ToHaveTextAsync(words.Say("page-merged", "Patient/old", $"Patient/{AppHospital.Mild}"));
            await page.AssertGoodAsync($"app-merged-{screen}");
        }
    }

    [Fact]
    public async Task Pages_without_a_patient_say_what_to_do()
    {
        await using var hospital = await AppHospital.StartAsync(new() { Smart = new() { TellsPatient = false } });
        foreach (var screen in Ends)
        {
            await using var context = await browser.OpenAsync(screen);
            var words = AppHospital.Words(screen.Language);
            var page = await hospital.LaunchAsync(context);
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(words["page-no-patient"]);
            await page.AssertGoodAsync($"app-no-patient-{screen}");
            await page.GotoAsync(new Uri(hospital.Service.Url, "/app/0123456789abcdef").AbsoluteUri);
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(words["page-no-session"]);
            await page.AssertGoodAsync($"app-no-session-{screen}");
            await page.GotoAsync(new Uri(hospital.Service.Url, "/app").AbsoluteUri);
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(words["page-start"]);
            await page.AssertGoodAsync($"app-start-{screen}");
        }
    }

    private async Task LookAsync(AppHospital hospital, Screen screen, string patient, string state, Func<IPage, ILocator> shows, bool opened)
    {
        await using var context = await browser.OpenAsync(screen);
        var page = await hospital.LaunchAsync(context, patient);
        await Assertions.Expect(shows(page)).ToBeVisibleAsync();
        await page.AssertGoodAsync($"app-{state}-{screen}");
        if (opened)
        {
            await page.EvaluateAsync("document.querySelectorAll('details').forEach(details => { details.open = true; })");
            await page.AssertGoodAsync($"app-{state}-opened-{screen}");
        }
    }
}
