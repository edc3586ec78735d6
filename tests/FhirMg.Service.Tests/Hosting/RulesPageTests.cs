using System.Net;
using System.Text.RegularExpressions;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Tests.Hooks;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>The page that a card's source leads to.</summary>
public sealed partial class RulesPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "Sources")]
    [InlineData("ru", "Источники")]
    public async Task A_cards_source_and_link_lead_to_every_rule_with_its_sources_without_a_token(string language, string sources)
    {
        var settings = RunningService.Serving(new("http://127.0.0.1:9/fhir"));
        settings["PublicUrl"] = "https://fhirmg.example.org";
        settings["Servers:0:AllowUnauthenticatedCds"] = "true";
        settings["DisabledRules:0"] = "RX-6";
        await using var service = await RunningService.StartAsync(settings, "Staging", new SampleTime());
        var card = (await Call.Of("adult-mild-with-migraine").SendAsync(service, language)).Cards[0];
        var url = (string)card["source"]!["url"]!;
        Assert.Contains(card["links"]!.AsArray(), link => (string?)link!["url"] == url);

        using var answer = await service.Http.GetAsync(new Uri(url.Replace("https://fhirmg.example.org/", "", StringComparison.Ordinal), UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(language, answer.Content.Headers.ContentLanguage.Single());
        var page = await answer.Content.ReadAsStringAsync(Cancellation);
        var shown = Sections().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(Knowledge.BuiltIn.Rules.Select(rule => rule.Rule.Id()).Where(id => id != "RX-6"), shown);
        Assert.Contains(WebUtility.HtmlEncode(sources), page, StringComparison.Ordinal);
        var cited = Knowledge.BuiltIn[Rule.Rx1].Citations[0];
        Assert.Contains(WebUtility.HtmlEncode(Knowledge.BuiltIn.Citations[cited].Words[language == "ru" ? Language.Russian : Language.English]), page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [GeneratedRegex("<section class=\"card\" id=\"([^\"]+)\">")]
    private static partial Regex Sections();
}
