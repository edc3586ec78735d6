using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Api;
using FhirMg.Service.App;
using FhirMg.Service.Tenants;
using static FhirMg.Service.App.PlainPage;

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
        var said = Said is null ? "" : $"<p>{Safe(words["app-server-said"])} <q>{Safe(Short(Said))}</q></p>";
        httpContext.Response.StatusCode = Status;
        httpContext.Response.Headers.Vary = "Accept-Language";
        return PlainPage.WriteAsync(httpContext, language, words["app-title"],
            $"<section class=\"card message\"><h1>{Safe(words["app-title"])}</h1><p>{Safe(words[Wording])}</p>{said}<p>{Safe(words[Advice])}</p></section>");
    }

    private static string Short(string text) => text.Length > LongestSaid ? $"{text[..LongestSaid]}…" : text;
}
