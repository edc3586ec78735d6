using System.Text;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Api;
using FhirMg.Service.App;
using FhirMg.Service.Tenants;
using static FhirMg.Service.App.PlainPage;

namespace FhirMg.Service.Hosting;

/// <summary><c>/rules</c>: every rule with its statement, its strength and its sources, for the clinician who checks a card. It holds no data of anybody; nothing in it runs.</summary>
internal sealed class RulesPage : IResult
{
    /// <summary>Where it is; <c>#RX-1</c> behind it leads to a rule.</summary>
    public const string Path = "/rules";

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var knowledge = httpContext.RequestServices.GetRequiredService<TenantRegistry>().Knowledge;
        var language = Asked(httpContext.Request) ?? AcceptedLanguage.Of(httpContext.Request) ?? Language.English;
        var words = new PhraseBook(knowledge, language);
        var rules = new StringBuilder();
        foreach (var rule in knowledge.Rules.Where(rule => !knowledge.Disabled.Contains(rule.Rule)))
        {
            Write(rules, rule, knowledge, words);
        }

        httpContext.Response.Headers.Vary = "Accept-Language";
        return PlainPage.WriteAsync(httpContext, language, words.Of(knowledge.Title), $"""
            <section class="card"><h1>{Safe(words.Of(knowledge.Title))}</h1><p class="small">{Safe(knowledge.Canonical)}</p></section>
            {rules}
            """);
    }

    // Cards name the language that they are in.
    private static Language? Asked(HttpRequest request) => (string?)request.Query["lang"] switch
    {
        "ru" => Language.Russian,
        "en" => Language.English,
        _ => null,
    };

    private static void Write(StringBuilder page, RuleKnowledge rule, Knowledge knowledge, PhraseBook words)
    {
        var id = rule.Rule.Id();
        page.Append($"<section class=\"card\" id=\"{id}\"><h2>{Safe(words.Of(rule.Title))} <span class=\"rule\">{id}</span></h2><p>{Safe(words.Of(rule.Description))}</p>");
        if (rule.OddsRatios.Count > 0)
        {
            page.Append($"<p class=\"label\">{Safe(words["page-strength"])}</p><ul>");
            foreach (var ratio in rule.OddsRatios)
            {
                page.Append($"<li>{Safe(words.Say("review-odds-ratio", words.Number(ratio.Value), words.Of(ratio.Comparison), words.Of(ratio.Groups), ratio.Study))}</li>");
            }

            page.Append("</ul>");
        }

        if (rule.Citations.Count > 0)
        {
            page.Append($"<p class=\"label\">{Safe(words["sources"])}</p><ul>");
            foreach (var label in rule.Citations)
            {
                page.Append($"<li><span class=\"rule\">{Safe(label)}</span> {Safe(words.Of(knowledge.Citations[label].Words))} <span class=\"small inline\">({Safe(words[SourceStrength.Of(label)])})</span></li>");
            }

            page.Append("</ul>");
        }

        page.Append("</section>\n");
    }
}
