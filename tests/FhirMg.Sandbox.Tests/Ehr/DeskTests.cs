using System.Text.Json.Nodes;
using FhirMg.Browsing;
using Microsoft.Playwright;

namespace FhirMg.Sandbox.Tests.Ehr;

/// <summary>What people do at the EHR page, in a real browser.</summary>
public sealed class DeskTests(Ward ward, Browser browser) : IClassFixture<Ward>, IClassFixture<Browser>
{
    private const string Attack = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>\"'><b>x</b>&lt;";

    [Fact]
    public async Task A_patient_is_found_by_what_the_case_shows_and_opened_by_a_clinician()
    {
        await using var desk = await Desk.OpenAsync(ward, browser);
        await desk.Page.GotoAsync(desk.Hospital.Application.EhrPage.AbsoluteUri);
        await desk.Page.Locator("input[type=search]").FillAsync("kidney failure");
        Assert.Equal(1, await desk.Page.Locator("#patient option").CountAsync());
        await desk.Page.Locator("#clinician").SelectOptionAsync("brown");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Open chart" }).ClickAsync();
        await desk.Page.Locator("#chart").WaitForAsync();
        Assert.Equal("Gleb Sobolev", await desk.Page.Locator("#chart").TextContentAsync());
        var head = await desk.Page.Locator("section:has(#chart)").TextContentAsync();
        Assert.Contains("male", head);
        Assert.Contains("Michael Brown", head);
        Assert.Contains("Low magnesium, but severe kidney failure", head);
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("ru", true)]
    [InlineData("en", false)]
    public async Task A_suggestion_is_accepted_written_and_told(string language, bool script)
    {
        await using var desk = await Desk.OpenAsync(ward, browser, new(language, Script: script));
        desk.Service.Answer = Cards.All(Desk.Patient);
        await desk.OpenChartAsync(more: "&clinician=kim");
        await desk.AskAsync();
        await Assertions.Expect(desk.Page.Locator(".cds")).ToHaveCountAsync(3);
        await Assertions.Expect(desk.Page.Locator(".detail ul li")).ToHaveCountAsync(2);
        Assert.Equal("https://example.org/study", await desk.Page.Locator(".detail a").GetAttributeAsync("href"));
        var (path, _, told, call) = Assert.Single(desk.Service.Received);
        Assert.Equal(("/cds-services/view", language), (path, told));
        Assert.Equal("Practitioner/kim", (string)call["context"]!["userId"]!);
        Assert.Equal(Desk.Patient, (string)call["prefetch"]!["patient"]!["id"]!);
        Assert.False(call["prefetch"]!.AsObject().ContainsKey("visit"));
        await desk.Page.Locator(".suggestion button").First.ClickAsync();
        await desk.Page.Locator(".done").WaitForAsync();
        var written = await desk.Page.Locator(".written li").First.TextContentAsync();
        Assert.Contains("Magnesium citrate", written);
        Assert.Contains("Kim", written);
        Assert.Contains(language == "ru" ? "черновик" : "draft", written);
        var order = (await desk.Hospital.GetAsync($"MedicationRequest?patient={Desk.Patient}&requester=Practitioner/kim&_sort=-_lastUpdated"))["entry"]![0]!["resource"]!;
        Assert.Equal("Magnesium citrate", (string)order["medicationCodeableConcept"]!["text"]!);
        var feedback = desk.Service.Received.Last();
        Assert.Equal("/cds-services/view/feedback", feedback.Path);
        var said = feedback.Body["feedback"]![0]!;
        Assert.Equal((Cards.Uuid, "accepted", Cards.SuggestionUuid), ((string)said["card"]!, (string)said["outcome"]!, (string)said["acceptedSuggestions"]![0]!["id"]!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_card_is_overridden_with_a_reason(bool script)
    {
        await using var desk = await Desk.OpenAsync(ward, browser, new(Script: script));
        desk.Service.Answer = Cards.All(Desk.Patient);
        await desk.OpenChartAsync();
        await desk.AskAsync();
        await desk.Page.Locator(".cds summary").First.ClickAsync();
        await desk.Page.Locator("#reason-0").SelectOptionAsync("urn:test|refused");
        await desk.Page.Locator("#comment-0").FillAsync("does not want <tablets>");
        await desk.Page.Locator("form[action='/ehr/override'] button").First.ClickAsync();
        await desk.Page.Locator(".done").WaitForAsync();
        var said = desk.Service.Received.Last().Body["feedback"]![0]!;
        Assert.Equal("overridden", (string)said["outcome"]!);
        Assert.Equal(("refused", "urn:test"), ((string)said["overrideReason"]!["reason"]!["code"]!, (string)said["overrideReason"]!["reason"]!["system"]!));
        Assert.Equal("does not want <tablets>", (string)said["overrideReason"]!["userComment"]!);
    }

    [Fact]
    public async Task A_chosen_order_comes_as_a_draft_with_its_selection()
    {
        await using var desk = await Desk.OpenAsync(ward, browser);
        await desk.OpenChartAsync();
        Assert.False(await desk.Page.Locator("#draft").IsVisibleAsync());
        await desk.AskAsync("order-select", "J01MA02");
        var context = desk.Service.Received.Single().Body["context"]!;
        Assert.Equal("MedicationRequest/draft-1", (string)context["selections"]![0]!);
        Assert.Equal("J01MA02", (string)context["draftOrders"]!["entry"]![0]!["resource"]!["medicationCodeableConcept"]!["coding"]![0]!["code"]!);
    }

    [Fact]
    public async Task No_text_of_a_service_becomes_html_or_a_script()
    {
        await using var desk = await Desk.OpenAsync(ward, browser);
        desk.Service.Answer = Cards.Hostile(Attack);
        await desk.OpenChartAsync();
        await desk.AskAsync();
        Assert.Equal(Attack, await desk.Page.Locator(".cds h4").TextContentAsync());
        Assert.Equal(0, await desk.Page.Locator(".cds img, .cds script, .cds b").CountAsync());
        var links = await desk.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.cds a')].map(one => one.href)");
        Assert.All(links, link => Assert.StartsWith("https://", link));
        Assert.Equal(0, await desk.Page.EvaluateAsync<int>("[...document.querySelectorAll('.cds *')].filter(one => one.getAttributeNames().some(name => name.startsWith('on'))).length"));
        Assert.NotEqual("taken", await desk.Page.TitleAsync());
        desk.Service.Answer = 500;
        await desk.OpenChartAsync();
        await desk.AskAsync();
        Assert.Contains("The <b>rules</b> could not be read.", await desk.Page.Locator(".failed").TextContentAsync());
        Assert.Empty(desk.Complaints);
    }

    [Fact]
    public async Task No_text_of_a_chart_becomes_html_or_a_script()
    {
        await using var desk = await Desk.OpenAsync(ward, browser);
        var patient = new JsonObject { ["resourceType"] = "Patient", ["id"] = "hostile", ["gender"] = Attack, ["birthDate"] = Attack, ["name"] = new JsonArray(new JsonObject { ["family"] = Attack }) };
        Assert.True((await desk.Hospital.SendAsync(HttpMethod.Put, "Patient/hostile", patient)).Response.IsSuccessStatusCode);
        foreach (var (type, name) in ((string, string)[])[("Condition", "code"), ("Observation", "code"), ("MedicationRequest", "medicationCodeableConcept")])
        {
            JsonObject resource = new()
            {
                ["resourceType"] = type,
                ["status"] = "final",
                ["intent"] = "order",
                [name] = new JsonObject { ["text"] = Attack },
                ["valueString"] = Attack,
                ["subject"] = new JsonObject { ["reference"] = "Patient/hostile" },
                ["requester"] = new JsonObject { ["display"] = Attack },
            };
            Assert.True((await desk.Hospital.SendAsync(HttpMethod.Post, type, resource)).Response.IsSuccessStatusCode);
        }

        await desk.OpenChartAsync("hostile");
        Assert.Equal(Attack, await desk.Page.Locator("#chart").TextContentAsync());
        Assert.Equal(0, await desk.Page.Locator("main img, main script, main b").CountAsync());
        Assert.Equal(4, await desk.Page.Locator(".written li").CountAsync());
        Assert.NotEqual("taken", await desk.Page.TitleAsync());
        Assert.Empty(desk.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Faults_are_set_on_the_page_and_in_effect(bool script)
    {
        await using var desk = await Desk.OpenAsync(ward, browser, new(Script: script));
        await desk.OpenChartAsync();
        await desk.Page.Locator("summary:has(#faults)").ClickAsync();
        await desk.Page.Locator("#status").SelectOptionAsync("429");
        await desk.Page.Locator("#times").FillAsync("2");
        await desk.Page.Locator("#vendor").SelectOptionAsync("read-only");
        await desk.Page.Locator("#ceiling").FillAsync("patient/Patient.rs");
        await desk.Page.Locator("input[name=refresh]").UncheckAsync();
        await desk.Page.Locator("form[action='/ehr/faults'] button").ClickAsync();
        await desk.Page.Locator(".attention").WaitForAsync();
        Assert.Contains("429 (requests left: 2); read only", await desk.Page.Locator(".attention").TextContentAsync());
        Assert.Equal(("patient/Patient.rs", false, true), (desk.Hospital.Application.Smart.Ceiling, desk.Hospital.Application.Smart.GivesRefreshTokens, desk.Hospital.Application.Smart.GivesIdTokens));
        for (var time = 0; time < 2; time++)
        {
            var (throttled, _) = await desk.Hospital.SendAsync(HttpMethod.Get, $"Patient/{Desk.Patient}");
            Assert.Equal(429, (int)throttled.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), throttled.Headers.RetryAfter!.Delta);
        }

        await desk.Hospital.GetAsync($"Patient/{Desk.Patient}");
        Assert.False((await desk.Hospital.SendAsync(HttpMethod.Post, "MedicationRequest", FhirTests.Order("urn:test", "fault"))).Response.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_app_is_launched_in_a_frame_and_in_a_tab(bool script)
    {
        await using var desk = await Desk.OpenAsync(ward, browser, new(Script: script));
        await desk.OpenChartAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Launch here" }).ClickAsync();
        var framed = await desk.Page.FrameLocator("iframe").Locator("#query").TextContentAsync();
        Assert.Contains($"iss={Uri.EscapeDataString(desk.Hospital.Application.FhirBase.AbsoluteUri)}&launch=", framed);
        var tab = await desk.Page.RunAndWaitForPopupAsync(() => desk.Page.GetByRole(AriaRole.Button, new() { Name = "Launch in a new tab" }).ClickAsync());
        await tab.WaitForURLAsync($"{desk.Service.Address}**");
        Assert.StartsWith(desk.Service.Address.AbsoluteUri, tab.Url);
        Assert.Empty(desk.Complaints);
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Close app" }).ClickAsync();
        await desk.Page.WaitForURLAsync(url => !url.Contains("app=frame", StringComparison.Ordinal));
        await Assertions.Expect(desk.Page.Locator("iframe")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_launch_by_a_card_has_its_app_context_and_leads_to_the_connected_app_only()
    {
        await using var desk = await Desk.OpenAsync(ward, browser);
        desk.Service.Answer = Cards.All(Desk.Patient);
        await desk.OpenChartAsync();
        await desk.AskAsync();
        var tab = await desk.Page.RunAndWaitForPopupAsync(() => desk.Page.GetByRole(AriaRole.Link, new() { Name = "Open the app" }).ClickAsync());
        await tab.WaitForURLAsync($"{desk.Service.Address}**");
        var launch = System.Web.HttpUtility.ParseQueryString(new Uri(tab.Url).Query)["launch"]!;
        var app = new SmartApp(desk.Hospital, "fhirmg-public");
        await desk.Hospital.Application.RegisterAsync(new() { ClientId = "fhirmg-public", RedirectUris = [new(SmartApp.Redirect)] }, TestContext.Current.CancellationToken);
        var (_, tokens) = await app.RedeemAsync(SmartApp.Answer(await app.AuthorizeAsync(app.Request("launch patient/*.rs", launch)))["code"]);
        Assert.Equal("card=1", (string)tokens["appContext"]!);
        Assert.True((bool)tokens["need_patient_banner"]!);
        await desk.Hospital.Application.ConnectAsync(desk.Service.Address, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Another_site_cannot_write_into_a_chart()
    {
        await using var desk = await Desk.OpenAsync(ward, browser);
        var target = $"http://localhost:{desk.Hospital.Application.EhrPage.Port}/ehr/faults";
        await desk.Page.GotoAsync($"{desk.Service.Address}smart/launch");
        var response = await desk.Page.RunAndWaitForResponseAsync(() => desk.Page.EvaluateAsync($"(() => {{ const form = document.createElement('form'); form.method = 'post'; form.action = '{target}'; document.body.append(form); form.submit(); }})()"), target);
        Assert.Equal(403, response.Status);
        Assert.Equal("full", desk.Hospital.Application.Faults.Vendor);
    }
}
