using System.Net;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Api;
using FhirMg.Service.Sessions;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Launch;

/// <summary>A page that says in a few sentences what happened and what to do; nothing in it runs.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Wording">Code of the wording that says what happened.</param>
/// <param name="Advice">Code of the wording that says what to do.</param>
/// <param name="Said">What a server said, shown as text; null for nothing.</param>
internal sealed record LaunchPage(int Status, string Wording, string Advice, string? Said = null) : IResult
{
    private const int LongestSaid = 300;

    /// <summary>The language that the person has chosen; null for the one that the request asks for.</summary>
    public string? Chosen { get; init; }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var language = Chosen switch { "ru" => Language.Russian, "en" => Language.English, _ => AcceptedLanguage.Of(httpContext.Request) ?? Language.English };
        var words = new PhraseBook(httpContext.RequestServices.GetRequiredService<TenantRegistry>().Knowledge, language);
        var tag = AcceptedLanguage.Tag(language);
        var said = Said is null ? "" : $"<p>{Text(words["app-server-said"])} <q>{Text(Short(Said))}</q></p>";
        PageHeaders.Apply(httpContext);
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        httpContext.Response.Headers.ContentLanguage = tag;
        httpContext.Response.Headers.Vary = "Accept-Language";
        return httpContext.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="{tag}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{Text(words["app-title"])}</title><link rel="stylesheet" href="{Text(httpContext.Request.PathBase)}/app/assets/page.css"><link rel="icon" href="data:,"></head>
            <body><main><section class="card message"><h1>{Text(words["app-title"])}</h1><p>{Text(words[Wording])}</p>{said}<p>{Text(words[Advice])}</p></section></main></body>
            </html>
            """, httpContext.RequestAborted);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Short(string text) => text.Length > LongestSaid ? $"{text[..LongestSaid]}…" : text;
}
