using System.Text.Json.Nodes;
using FhirMg.Browsing;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Sandbox;
using Microsoft.Playwright;

namespace FhirMg.Service.Tests.App;

/// <summary>What a clinician does, in a real browser, at a real server, from the EHR's page to what is written.</summary>
public sealed class JourneyTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Said = ["irritability", "cramps", "sleep", "weakness"];

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public async Task From_the_chart_through_the_questions_to_an_order_in_the_clinicians_name(string language)
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync(new(language));
        var words = AppHospital.Words(language);
        var page = await context.NewPageAsync();

        // The EHR shows the app in a frame: at localhost one of 127.0.0.1, another site.
        await page.GotoAsync($"{hospital.Sandbox.EhrPage}?patient={AppHospital.Mild}&clinician=petrova&app=frame&lang={language}");
        var app = page.FrameLocator("iframe");
        await Assertions.Expect(app.Locator(".conclusion")).ToContainTextAsync(words.Term("confirmed"));
        await page.SaveScreenshotAsync($"ehr-with-app-{language}");

        await AnswerAsync(app.Locator("form.questions"));
        await Assertions.Expect(app.Locator(".notice.done")).ToContainTextAsync("QuestionnaireResponse/");
        await Assertions.Expect(app.Locator(".facts")).ToContainTextAsync(words.Say("page-counted-without-headache", 4, 11));
        var answered = Assert.Single(await hospital.HeldAsync("QuestionnaireResponse"));
        Assert.Equal(("completed", "Practitioner/petrova"), ((string?)answered["status"], (string?)answered["author"]!["reference"]));

        await AcceptAsync(app.Locator("#rule-RX-1"));
        await Assertions.Expect(app.Locator(".notice.done")).ToContainTextAsync("MedicationRequest/");
        await Assertions.Expect(app.Locator("#rule-RX-1 .state")).ToContainTextAsync(words["page-state-accepted"]);
        await Assertions.Expect(app.Locator("#rule-RX-3 .state").First).ToContainTextAsync(words["page-state-another"]);
        var order = Assert.Single(await hospital.HeldAsync("MedicationRequest"), one => (string?)one["status"] == "active" && one.ToJsonString().Contains("identifier/proposal", StringComparison.Ordinal));
        Assert.Equal(("Practitioner/petrova", $"Patient/{AppHospital.Mild}"), ((string?)order["requester"]!["reference"], (string?)order["subject"]!["reference"]));

        // A second launch shows the earlier decision, and asks for none again.
        var second = await hospital.LaunchAsync(context);
        await Assertions.Expect(second.Locator("#rule-RX-1 .state")).ToContainTextAsync(words["page-state-accepted"]);
        await Assertions.Expect(second.Locator("#rule-RX-1 button")).ToHaveCountAsync(0);
        await second.AssertGoodAsync($"app-accepted-{language}");
        Assert.Single(await hospital.HeldAsync("MedicationRequest"), one => one.ToJsonString().Contains("identifier/proposal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_alternatives_of_one_rule_only_the_accepted_one_reads_as_accepted()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var page = await hospital.LaunchAsync(context);
        var words = AppHospital.Words("en");

        await page.Locator("#rule-RX-3 .proposal summary").First.ClickAsync();
        await page.Locator("#rule-RX-3 textarea[name=dose]").First.FillAsync("As the pharmacist advises");
        await page.Locator("#rule-RX-3 form button").First.ClickAsync();

        await Assertions.Expect(page.Locator(".notice.done")).ToContainTextAsync("MedicationRequest/");
        await Assertions.Expect(page.Locator("#rule-RX-3 .proposal.accepted")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#rule-RX-3 .proposal.anotheraccepted")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#rule-RX-1 .state")).ToContainTextAsync(words["page-state-another"]);
        await page.AssertGoodAsync("app-alternative-accepted-en");
    }

    [Fact]
    public async Task A_rejection_is_written_with_its_reason_and_shown_ever_after()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var page = await hospital.LaunchAsync(context);

        var form = page.Locator("#rule-RX-1 form").Filter(new() { Has = page.Locator("select") });
        await form.Locator("select").SelectOptionAsync("patient-declined");
        await form.Locator("input[name=comment]").FillAsync("drinks <b>mineral</b> water");
        await form.GetByRole(AriaRole.Button).ClickAsync();

        await Assertions.Expect(page.Locator(".notice.done")).ToBeVisibleAsync();
        var order = Assert.Single(await hospital.HeldAsync("MedicationRequest"), one => one.ToJsonString().Contains("identifier/proposal", StringComparison.Ordinal));
        Assert.Equal("cancelled", (string?)order["status"]);
        Assert.Equal("The patient declines: drinks <b>mineral</b> water", (string?)order["statusReason"]!["text"]);
        Assert.Equal("Practitioner/petrova", (string?)order["note"]!.AsArray().Last()!["authorReference"]!["reference"]);

        var second = await hospital.LaunchAsync(context);
        await Assertions.Expect(second.Locator("#rule-RX-1 .state")).ToContainTextAsync(AppHospital.Words("en")["page-state-rejected"]);
        await Assertions.Expect(second.Locator("#rule-RX-1 .state")).ToContainTextAsync("drinks <b>mineral</b> water");
        await second.AssertGoodAsync("app-rejected-en");
    }

    [Fact]
    public async Task Without_a_script_everything_but_hovering_works()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync(new(Script: false));
        var page = await hospital.LaunchAsync(context);

        await AnswerAsync(page.Locator("form.questions"));
        await Assertions.Expect(page.Locator(".notice.done")).ToContainTextAsync("QuestionnaireResponse/");
        await AcceptAsync(page.Locator("#rule-RX-1"));
        await Assertions.Expect(page.Locator("#rule-RX-1 .state")).ToBeVisibleAsync();
        await page.Locator("header button").First.ClickAsync();
        await Assertions.Expect(page.Locator("h2#conclusion")).ToHaveTextAsync(AppHospital.Words("ru")["page-conclusion"]);
        await page.Locator("summary").Filter(new() { HasText = AppHospital.Words("ru")["page-table"] }).ClickAsync();
        await Assertions.Expect(page.Locator("table")).ToBeVisibleAsync();
        await page.Locator("header button").Last.ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(AppHospital.Words("ru")["app-signed-out"]);
    }

    [Fact]
    public async Task A_value_is_read_by_pointing_and_by_keyboard()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var page = await hospital.LaunchAsync(context);

        await page.Locator(".mark").First.HoverAsync();
        await Assertions.Expect(page.Locator("[data-hover]")).ToContainTextAsync("0.61");
        await page.Mouse.MoveAsync(0, 0);
        await Assertions.Expect(page.Locator("[data-hover]")).ToBeEmptyAsync();
        await page.Locator(".mark").First.FocusAsync();
        await Assertions.Expect(page.Locator("[data-hover]")).ToContainTextAsync("0.61");
    }

    [Fact]
    public async Task Two_patients_in_two_tabs_never_mix()
    {
        const string Other = "adult-severe-urgent-review-p1";
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var first = await hospital.LaunchAsync(context);
        var second = await hospital.LaunchAsync(context, Other);

        await first.ReloadAsync();
        await Assertions.Expect(first.Locator(".banner")).ToContainTextAsync($"Patient/{AppHospital.Mild}");
        await AcceptAsync(first.Locator("#rule-RX-1"));
        await Assertions.Expect(first.Locator("#rule-RX-1 .state")).ToBeVisibleAsync();
        await second.ReloadAsync();
        await Assertions.Expect(second.Locator(".banner")).ToContainTextAsync($"Patient/{Other}");
        await Assertions.Expect(second.Locator("#rule-RX-1 .state")).ToHaveCountAsync(0);
        Assert.DoesNotContain(await hospital.HeldAsync("MedicationRequest", Other), one => one.ToJsonString().Contains("identifier/proposal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expired_token_is_renewed_without_a_word()
    {
        var time = new MovedTime();
        await using var hospital = await AppHospital.StartAsync(time: time);
        await using var context = await browser.OpenAsync();
        var page = await hospital.LaunchAsync(context);

        time.Moved += TimeSpan.FromMinutes(30);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".conclusion")).ToBeVisibleAsync();
        await AcceptAsync(page.Locator("#rule-RX-1"));
        await Assertions.Expect(page.Locator("#rule-RX-1 .state")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Where_a_token_cannot_be_renewed_the_answers_outlive_the_new_sign_in()
    {
        var time = new MovedTime();
        await using var hospital = await AppHospital.StartAsync(new() { Smart = new() { GivesRefreshTokens = false } }, time: time);
        await using var context = await browser.OpenAsync();
        var words = AppHospital.Words("en");
        var page = await hospital.LaunchAsync(context);

        time.Moved += TimeSpan.FromMinutes(30);
        await AnswerAsync(page.Locator("form.questions"));
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(words["page-expired"]);
        await page.AssertGoodAsync("app-expired-en");
        await page.GetByRole(AriaRole.Link, new() { Name = words["page-sign-in"] }).ClickAsync();
        await SignInAsync(page, AppHospital.Mild);

        await Assertions.Expect(page.Locator(".conclusion")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("input[name=answer-cramps][value=yes]")).ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("input[name=answer-reflexes][value=no]")).ToBeCheckedAsync();
        await page.Locator("form.questions button").ClickAsync();
        await Assertions.Expect(page.Locator(".notice.done")).ToContainTextAsync("QuestionnaireResponse/");
        Assert.Single(await hospital.HeldAsync("QuestionnaireResponse"));
    }

    [Fact]
    public async Task Without_the_right_to_write_there_is_text_to_copy_and_the_answers_count_all_the_same()
    {
        await using var hospital = await AppHospital.StartAsync(settings: new Dictionary<string, string?> { ["Servers:0:Scopes"] = "launch openid fhirUser patient/*.rs" });
        await using var context = await browser.OpenAsync();
        var words = AppHospital.Words("en");
        var page = await hospital.LaunchAsync(context);

        await Assertions.Expect(page.Locator("#rule-RX-1 button")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#rule-RX-1 textarea")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("600 mg"));
        await AnswerAsync(page.Locator("form.questions"));
        await Assertions.Expect(page.Locator(".notice.problem")).ToContainTextAsync("no scope");
        await Assertions.Expect(page.Locator(".facts")).ToContainTextAsync(words.Say("page-counted-without-headache", 4, 11));
        Assert.Empty(await hospital.HeldAsync("QuestionnaireResponse"));
    }

    [Fact]
    public async Task What_the_form_misses_is_said_and_nothing_is_written()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var words = AppHospital.Words("en");
        var page = await hospital.LaunchAsync(context);

        // A browser that does not check what is required.
        foreach (var (rule, code) in new[] { ("#rule-RX-1", "page-dose-unconfirmed"), ("#rule-RX-3", "page-dose-missing") })
        {
            await page.EvaluateAsync("document.querySelectorAll('form').forEach(form => { form.noValidate = true; })");
            await page.Locator($"{rule} details:not(.basis)").First.EvaluateAsync("details => { details.open = true; }");
            await page.Locator($"{rule} form button").First.ClickAsync();
            await Assertions.Expect(page.Locator(".notice.problem")).ToHaveTextAsync(words[code]);
            await page.AssertGoodAsync($"app-{code}-en");
        }

        await page.EvaluateAsync("document.querySelectorAll('form').forEach(form => { form.noValidate = true; })");
        await page.Locator("#rule-RX-1 details:not(.basis)").First.EvaluateAsync("details => { details.open = true; }");
        await page.Locator("#rule-RX-1 form button").Last.ClickAsync();
        await Assertions.Expect(page.Locator(".notice.problem")).ToHaveTextAsync(words["page-reason-missing"]);

        await page.EvaluateAsync("document.querySelectorAll('form').forEach(form => { form.noValidate = true; })");
        await page.Locator("input[name=answer-cramps][value=yes]").CheckAsync();
        await page.Locator("form.questions button").ClickAsync();
        await Assertions.Expect(page.Locator(".notice.problem")).ToHaveTextAsync(words.Say("page-answers-incomplete", 10));
        await Assertions.Expect(page.Locator("input[name=answer-cramps][value=yes]")).ToBeCheckedAsync();
        Assert.DoesNotContain(await hospital.HeldAsync("MedicationRequest"), one => one.ToJsonString().Contains("identifier/proposal", StringComparison.Ordinal));
        Assert.Empty(await hospital.HeldAsync("QuestionnaireResponse"));
    }

    [Fact]
    public async Task What_somebody_else_decided_meanwhile_is_not_overwritten()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var early = await hospital.LaunchAsync(context);
        var late = await hospital.LaunchAsync(context);

        await AcceptAsync(early.Locator("#rule-RX-1"));
        await Assertions.Expect(early.Locator("#rule-RX-1 .state")).ToBeVisibleAsync();
        await AcceptAsync(late.Locator("#rule-RX-1"));
        await Assertions.Expect(late.Locator(".notice.problem")).ToBeVisibleAsync();
        Assert.Single(await hospital.HeldAsync("MedicationRequest"), one => one.ToJsonString().Contains("identifier/proposal", StringComparison.Ordinal));
    }

    private static async Task AnswerAsync(ILocator form)
    {
        foreach (var question in Knowledge.BuiltIn.Manifestations)
        {
            await form.Locator($"input[name=answer-{question.LinkId}][value={(Said.Contains(question.LinkId) ? "yes" : "no")}]").CheckAsync();
        }

        await form.GetByRole(AriaRole.Button).ClickAsync();
    }

    private static async Task AcceptAsync(ILocator proposal)
    {
        await proposal.Locator("input[name=dose-confirmed]").CheckAsync();
        await proposal.Locator("form button").First.ClickAsync();
    }

    // The sandbox's own page, where a person says who they are, and allows what is asked.
    private static async Task SignInAsync(IPage page, string patient)
    {
        await page.Locator("select[name=clinician]").SelectOptionAsync("petrova");
        await page.Locator("select[name=patient]").SelectOptionAsync(patient);
        await page.Locator("button[value=allow]").ClickAsync();
    }
}
