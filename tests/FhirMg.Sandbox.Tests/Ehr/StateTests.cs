using System.Text.Json.Nodes;
using FhirMg.Browsing;
using FhirMg.Sandbox.Authorization;
using FhirMg.Sandbox.Faults;
using Microsoft.AspNetCore.WebUtilities;

namespace FhirMg.Sandbox.Tests.Ehr;

/// <summary>Every state of the EHR page, in both languages, light and dark, wide and in a side panel: without a violation of accessibility, nothing cut off.</summary>
public sealed class StateTests(Ward ward, Browser browser) : IClassFixture<Ward>, IClassFixture<Browser>
{
    public static TheoryData<string> States => [.. Known.Keys];

    private static readonly Dictionary<string, Func<Desk, Task>> Known = new()
    {
        ["start"] = desk => desk.Page.GotoAsync(desk.Hospital.Application.EhrPage.AbsoluteUri),
        ["chart"] = desk => desk.OpenChartAsync("chart-russian-inpatient-attack-with-aura-p-4471"),
        ["cards"] = async desk =>
        {
            desk.Service.Answer = Cards.All(Desk.Patient);
            await desk.OpenChartAsync();
            await desk.AskAsync();
            await desk.Page.EvaluateAsync("document.querySelector('.cds details').open = true");
        },
        ["no-cards"] = async desk =>
        {
            await desk.OpenChartAsync();
            await desk.AskAsync("order-sign");
        },
        ["no-service"] = async desk =>
        {
            await desk.OpenChartAsync();
            await desk.AskAsync("encounter-start");
        },
        ["service-failed"] = async desk =>
        {
            desk.Service.Answer = 500;
            await desk.OpenChartAsync();
            await desk.AskAsync();
            await desk.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");
        },
        ["accepted"] = async desk =>
        {
            desk.Service.Answer = Cards.All(Desk.Patient);
            await desk.OpenChartAsync();
            await desk.AskAsync();
            await desk.Page.Locator(".suggestion button").First.ClickAsync();
            await desk.Page.Locator(".done").WaitForAsync();
        },
        ["feedback-failed"] = async desk =>
        {
            desk.Service.Answer = Cards.All(Desk.Patient);
            desk.Service.FeedbackStatus = 500;
            await desk.OpenChartAsync();
            await desk.AskAsync();
            await desk.Page.Locator(".suggestion button").First.ClickAsync();
            await desk.Page.Locator(".failed").WaitForAsync();
        },
        ["faults"] = async desk =>
        {
            desk.Hospital.Application.Faults = new FaultSwitches(1, 429, 3, ExpiredTokens: true, "oracle-health");
            await desk.OpenChartAsync();
        },
        ["app"] = async desk =>
        {
            await desk.OpenChartAsync(more: "&app=frame");
            await desk.Page.FrameLocator("iframe").Locator("#query").WaitForAsync();
            await desk.Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");
        },
        ["consent"] = async desk => await desk.Page.GotoAsync(Consent(desk, "launch/patient openid fhirUser offline_access patient/*.rs patient/MedicationRequest.cu user/Observation.rs?category=laboratory")),
    };

    [Theory]
    [MemberData(nameof(States))]
    public async Task It_is_good_on_every_screen(string state)
    {
        foreach (var language in (string[])["en", "ru"])
        {
            await using var desk = await Desk.OpenAsync(ward, browser, new(language));
            await Known[state](desk);
            Assert.Equal(language, await desk.Page.EvaluateAsync<string>("document.documentElement.lang"));
            foreach (var screen in Screen.All.Where(screen => screen.Language == language))
            {
                await desk.Page.SetViewportSizeAsync(screen.Width, 900);
                await desk.Page.EmulateMediaAsync(new() { ColorScheme = screen.Dark ? Microsoft.Playwright.ColorScheme.Dark : Microsoft.Playwright.ColorScheme.Light });
                await desk.Page.AssertGoodAsync($"ehr-{state}-{screen}");
            }

            Assert.Empty(desk.Complaints);
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public async Task No_word_is_of_the_other_language(string language)
    {
        await using var desk = await Desk.OpenAsync(ward, browser, new(language));
        foreach (var state in (string[])["start", "chart", "no-cards", "faults", "app", "consent"])
        {
            await Known[state](desk);
            var texts = await desk.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('main:not(:has(#chart)) h1, h2, label, legend, summary, button, a.button, option, optgroup, .note, header p, .tiles span, .steps li')].map(one => one.label || one.textContent.trim())");
            Assert.NotEmpty(texts);
            Assert.All(texts.Where(text => language == "en"), text => Assert.True(text == "Русский" || !text.Any(letter => letter is >= 'А' and <= 'я') || IsData(text), $"{state}: {text}"));
            Assert.All(texts.Where(text => language == "ru"), text => Assert.True(text.Any(letter => letter is >= 'А' and <= 'я') || IsData(text), $"{state}: {text}"));
        }
    }

    // Names, ids, addresses and numbers are of no language.
    private static bool IsData(string text) => text.Length == 0 || text.All(letter => !char.IsLetter(letter)) || text.Contains("Громов") || text.Contains("Ковалёва") || text is "English";

    private static string Consent(Desk desk, string scope) => QueryHelpers.AddQueryString($"{desk.Hospital.Application.Issuer}/authorize", new Dictionary<string, string?>
    {
        ["response_type"] = "code",
        ["client_id"] = "fhirmg-public",
        ["redirect_uri"] = $"{desk.Service.Address.AbsoluteUri.TrimEnd('/')}/smart/callback",
        ["scope"] = scope,
        ["state"] = "s",
        ["aud"] = desk.Hospital.Application.FhirBase.AbsoluteUri,
        ["code_challenge"] = new string('a', 43),
        ["code_challenge_method"] = "S256",
    });
}
