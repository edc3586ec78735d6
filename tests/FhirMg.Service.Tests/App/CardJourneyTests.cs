using FhirMg.Browsing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Evaluating;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace FhirMg.Service.Tests.App;

/// <summary>From a card in the EHR's page, asked for with a signed token, to the draft, and on to the app.</summary>
public sealed class CardJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_suggestion_taken_from_a_card_is_a_draft_that_the_app_knows()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var ehr = await context.NewPageAsync();
        await ehr.GotoAsync($"{hospital.Sandbox.EhrPage}?patient={AppHospital.Mild}&clinician=petrova&lang=en");
        await ehr.Locator("form[action='/ehr/hooks'] button").ClickAsync();
        await Assertions.Expect(ehr.Locator("article.cds").First).ToBeVisibleAsync();
        await ehr.SaveScreenshotAsync("ehr-with-cards");

        await ehr.Locator("form.suggestion", new() { HasText = "recommended" }).First.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(ehr.Locator("p.done")).ToBeVisibleAsync();
        var draft = Assert.Single(await hospital.HeldAsync("MedicationRequest"), one => one.ToJsonString().Contains("identifier/proposal", StringComparison.Ordinal));
        Assert.Equal(("draft", "proposal"), ((string?)draft["status"], (string?)draft["intent"]));

        // It was put there by the EHR on the clinician's click, and is theirs to finish: the app shows it, and neither touches nor doubles it.
        var app = await hospital.LaunchAsync(context);
        await Assertions.Expect(app.Locator("#rule-RX-1 .state")).ToContainTextAsync(AppHospital.Words("en")["page-state-changed"]);
        await Assertions.Expect(app.Locator("#rule-RX-1 .state")).ToContainTextAsync($"MedicationRequest/{draft["id"]}");
        await Assertions.Expect(app.Locator("#rule-RX-1 button")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_card_that_was_overridden_stays_away_and_its_link_opens_the_app()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var ehr = await context.NewPageAsync();
        await ehr.GotoAsync($"{hospital.Sandbox.EhrPage}?patient={AppHospital.Mild}&clinician=petrova&lang=en");
        await ehr.Locator("form[action='/ehr/hooks'] button").ClickAsync();
        var cards = ehr.Locator("article.cds");
        await Assertions.Expect(cards.First).ToBeVisibleAsync();
        await ehr.WaitForLoadStateAsync();
        var before = await cards.CountAsync();
        var summary = await cards.First.Locator("h4").InnerTextAsync();
        var opened = await context.RunAndWaitForPageAsync(() => cards.First.GetByRole(AriaRole.Link, new() { Name = AppHospital.Words("en")["card-link-app"] }).ClickAsync());
        await Assertions.Expect(opened.Locator(".conclusion")).ToBeVisibleAsync();

        await cards.First.Locator("summary").ClickAsync();
        await cards.First.Locator("form[action='/ehr/override'] button").ClickAsync();
        await Assertions.Expect(ehr.Locator("p.done")).ToBeVisibleAsync();

        // Whoever writes drafts keeps the same silence.
        var told = Assert.Single(hospital.Service.Services.GetRequiredService<OverriddenProposals>()("hospital", $"Patient/{AppHospital.Mild}"));
        Assert.Equal((Rule.Rx1, Deficiency.Confirmed), (told.Rule, told.Class));
        Assert.Empty(hospital.Service.Services.GetRequiredService<OverriddenProposals>()("hospital", "Patient/adult-severe-urgent-review-p1"));

        await ehr.Locator("form[action='/ehr/hooks'] button").ClickAsync();
        await Assertions.Expect(ehr.Locator("#answer")).ToBeVisibleAsync();
        await ehr.WaitForLoadStateAsync();
        await Assertions.Expect(cards).ToHaveCountAsync(before - 1);
        Assert.DoesNotContain(summary, await ehr.Locator("#hooks").Locator("..").InnerTextAsync());
    }
}
