using System.Net;
using System.Text;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Api;
using FhirMg.Service.App;
using FhirMg.Service.Sessions;
using FhirMg.Service.Tenants;

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
        var (words, tag) = (new PhraseBook(knowledge, language), AcceptedLanguage.Tag(language));
        var rules = new StringBuilder();
        foreach (var rule in knowledge.Rules.Where(rule => !knowledge.Disabled.Contains(rule.Rule)))
        {
            Write(rules, rule, knowledge, words);
        }

        PageHeaders.Apply(httpContext);
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        httpContext.Response.Headers.ContentLanguage = tag;
        httpContext.Response.Headers.Vary = "Accept-Language";
        return httpContext.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="{tag}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{Safe(words.Of(knowledge.Title))}</title><link rel="stylesheet" href="{Safe(httpContext.Request.PathBase.Value ?? "")}/app/assets/page.css?{PageAssets.Version}"><link rel="icon" href="data:,"></head>
            <body><main><section class="card"><h1>{Safe(words.Of(knowledge.Title))}</h1><p class="small">{Safe(knowledge.Canonical)}</p></section>
            {rules}</main></body>
            </html>
            """, httpContext.RequestAborted);
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

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
