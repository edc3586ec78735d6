using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Api;
using FhirMg.Service.App;
using FhirMg.Service.Tenants;
using static FhirMg.Service.App.PlainPage;

namespace FhirMg.Service.Hosting;

/// <summary>What this is and where everything is, for people; nothing in it runs.</summary>
internal sealed class FrontPage : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var knowledge = httpContext.RequestServices.GetRequiredService<TenantRegistry>().Knowledge;
        var language = AcceptedLanguage.Of(httpContext.Request) ?? Language.English;
        var words = new PhraseBook(knowledge, language);
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

        return PlainPage.WriteAsync(httpContext, language, words["app-title"], $"""
            <section class="card message"><h1>{Safe(words["app-title"])}</h1><p>{Safe(words["front-about"])}</p>{hospital}
            <h2>{Safe(words["front-where"])}</h2><ul>{string.Concat(places)}</ul>
            <h2>{Safe(words["front-documents"])}</h2>{foreign}<ul lang="en">{string.Concat(documents)}</ul></section>
            """);
    }
}
