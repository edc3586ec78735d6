using System.Net;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Api;
using FhirMg.Service.App;
using FhirMg.Service.Sessions;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Hosting;

/// <summary>What this is and where everything is, for people; nothing in it runs.</summary>
internal sealed class FrontPage : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var knowledge = httpContext.RequestServices.GetRequiredService<TenantRegistry>().Knowledge;
        var language = AcceptedLanguage.Of(httpContext.Request) ?? Language.English;
        var (words, tag) = (new PhraseBook(knowledge, language), AcceptedLanguage.Tag(language));
        var root = httpContext.Request.PathBase.Value;
        string Link(string url, string text) => $"<li><a href=\"{Safe(url)}\">{Safe(text)}</a></li>";
        var places = new[]
        {
            ("front-app", "/app"), ("front-cds-services", "/cds-services"), ("front-fhir", "/fhir/metadata"), ("card-link-rules", RulesPage.Path), ("front-rules", $"/fhir/PlanDefinition{knowledge.Url[knowledge.Url.LastIndexOf('/')..]}"),
            ("front-screenings", "/screenings"), ("front-open-api", "/openapi/v1.json"), ("front-health", "/health/ready"), ("front-metrics", "/metrics"),
        }.Select(place => Link($"{root}{place.Item2}", words[place.Item1]));
        var documents = Documents.Titles.Select(document => Link($"{root}/docs/{document.Key}", document.Value));
        var foreign = language == Language.English ? "" : $"<p>{Safe(words["front-documents-language"])}</p>";
        var hospital = httpContext.RequestServices.GetService<DemoPort>() is { } demo ? $"<h2>{Safe(words["front-try"])}</h2><ul>{Link(demo.EhrPage.AbsoluteUri, words["front-ehr"])}</ul>" : "";

        PageHeaders.Apply(httpContext);
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        httpContext.Response.Headers.ContentLanguage = tag;
        return httpContext.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="{tag}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{Safe(words["app-title"])}</title><link rel="stylesheet" href="{Safe(root ?? "")}/app/assets/page.css?{PageAssets.Version}"><link rel="icon" href="data:,"></head>
            <body><main><section class="card message"><h1>{Safe(words["app-title"])}</h1><p>{Safe(words["front-about"])}</p>{hospital}
            <h2>{Safe(words["front-where"])}</h2><ul>{string.Concat(places)}</ul>
            <h2>{Safe(words["front-documents"])}</h2>{foreign}<ul lang="en">{string.Concat(documents)}</ul></section></main></body>
            </html>
            """, httpContext.RequestAborted);
    }

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
