using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Api;
using FhirMg.Service.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FhirMg.Service.Screenings;

/// <summary>The pages to start and to watch a screening: they work without scripts, and are live with them.</summary>
internal sealed class ScreeningPage
{
    private const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // The study's page is one file with its styles and plots inside, and no script.
    private const string ReportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    private static readonly string[] States = ["waiting", "running", "done", "failed", "cancelled", "starting", "preparing", "downloading", "searching", "reading", "evaluating"];

    private readonly HttpContext _context;
    private readonly PhraseBook _words;

    // What each language calls itself.
    private readonly Text _names;
    private readonly StringBuilder _body = new();

    private ScreeningPage(HttpContext context)
    {
        _context = context;
        var knowledge = context.RequestServices.GetRequiredService<TenantRegistry>().Knowledge;
        _names = knowledge.ScreeningWording["study-language-name"];
        _words = new(knowledge, AcceptedLanguage.Of(context.Request) ?? Language.English);
    }

    private string Root => $"{_context.Request.PathBase}/screenings";

    /// <summary>Headers that keep a page, or a result, from doing anything else.</summary>
    public static void Protect(HttpResponse response, bool isReport = false)
    {
        response.Headers.ContentSecurityPolicy = isReport ? ReportPolicy : Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>The screenings, and a form to start one, in the language that the request asks for.</summary>
    public static ContentHttpResult List(HttpContext context, IReadOnlyList<ScreeningView> views, IEnumerable<Tenant> tenants)
    {
        var page = new ScreeningPage(context);
        page.AddForm(tenants);
        page.AddTable(views);
        return page.Answer(page._words["screenings-title"], null);
    }

    /// <summary>One screening: how far it has come, and its results.</summary>
    public static ContentHttpResult Watch(HttpContext context, ScreeningView view)
    {
        var page = new ScreeningPage(context);
        page.AddState(view);
        page.AddLines("screenings-problems", "problems", view.Problems);
        page.AddLines("screenings-notes", "notes", view.Notes);
        page.AddResults(view);
        return page.Answer(page._words.Say("screenings-of", view.Server), view.IsOver ? null : "screening.js");
    }

    private void AddForm(IEnumerable<Tenant> tenants)
    {
        _body.Append(CultureInfo.InvariantCulture, $"<h2>{Word("screenings-new")}</h2><form method=\"post\" action=\"{Safe(Root)}\"><label>{Word("screenings-server")}<select name=\"server\">");
        foreach (var tenant in tenants)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<option>{Safe(tenant.Name)}</option>");
        }

        _body.Append(CultureInfo.InvariantCulture, $"</select></label><label>{Word("screenings-group")}<input name=\"group\" maxlength=\"64\" pattern=\"[A-Za-z0-9._\\-]*\"></label>")
            .Append(CultureInfo.InvariantCulture, $"<label>{Word("screenings-language")}<select name=\"lang\">{Option("en", _names.En)}{Option("ru", _names.Ru)}</select></label>")
            .Append(CultureInfo.InvariantCulture, $"<label>{Word("screenings-delivery")}<select name=\"write\"><option value=\"false\">{Word("screenings-files-only")}</option><option value=\"true\">{Word("screenings-write")}</option></select></label>")
            .Append(CultureInfo.InvariantCulture, $"<button>{Word("screenings-start")}</button></form>");
    }

    private void AddTable(IReadOnlyList<ScreeningView> views)
    {
        if (views.Count == 0)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<p>{Word("screenings-none")}</p>");
            return;
        }

        _body.Append("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>");
        foreach (var heading in (string[])["screenings-started", "screenings-server", "screenings-patients-of", "screenings-state", "screenings-patients"])
        {
            _body.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Word(heading)}</th>");
        }

        _body.Append("</tr></thead><tbody>");
        foreach (var view in views)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"{Safe(Root)}/{Safe(view.Id)}\">{view.Created.UtcDateTime:yyyy-MM-dd HH:mm} UTC</a></td><td>{Safe(view.Server)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{PatientsOf(view)}</td><td class=\"{Safe(view.State)}\">{Word($"screenings-is-{view.State}")}</td><td>{view.Patients}</td></tr>");
        }

        _body.Append("</tbody></table></div>");
    }

    private void AddState(ScreeningView view)
    {
        var own = $"{Root}/{view.Id}";

        // The script shows states as they come, in the words that stand here.
        var words = string.Concat(States.Select(state => $" data-is-{state}=\"{Word($"screenings-is-{state}")}\""));
        _body.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Safe(Root)}\">{Word("screenings-all-link")}</a></p><div id=\"screening\" data-events=\"{Safe(own)}/events\"{words}><table><tbody>");
        AddRow("screenings-patients-of", "", PatientsOf(view));
        AddRow("screenings-state", $" id=\"state\" class=\"{Safe(view.State)}\" role=\"status\"", Word($"screenings-is-{view.State}"));
        AddRow("screenings-doing", " id=\"phase\"", Word($"screenings-is-{view.Phase}") + (view.Said is null ? "" : $": {Safe(view.Said)}"));
        AddRow("screenings-done-count", " id=\"done\"", string.Create(CultureInfo.InvariantCulture, $"{view.Done}{(view.Total is { } total ? $" / {total}" : "")}"));
        AddRow("screenings-patients", " id=\"patients\"", view.Patients.ToString(CultureInfo.InvariantCulture));
        _body.Append("</tbody></table>");
        if (!view.IsOver)
        {
            var value = view.Total is > 0 and var all ? string.Create(CultureInfo.InvariantCulture, $" max=\"{all}\" value=\"{view.Done}\"") : "";
            _body.Append(CultureInfo.InvariantCulture, $"<progress id=\"bar\" aria-label=\"{Word("screenings-progress")}\"{value}></progress>")
                .Append(CultureInfo.InvariantCulture, $"<form method=\"post\" action=\"{Safe(own)}/cancel\"><button>{Word("screenings-cancel")}</button></form>");
        }

        _body.Append("</div>");
    }

    private void AddRow(string heading, string attributes, string content) =>
        _body.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Word(heading)}</th><td{attributes}>{content}</td></tr>");

    private void AddLines(string title, string name, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<h2>{Word(title)}</h2><ul class=\"{name}\">{string.Concat(lines.Select(line => $"<li>{Safe(line)}</li>"))}</ul>");
        }
    }

    private void AddResults(ScreeningView view)
    {
        if (view.Results.Count > 0)
        {
            var links = view.Results.Select(name => $"<li><a href=\"{Safe(Root)}/{view.Id}/results/{Safe(Uri.EscapeDataString(name))}\">{Safe(name)}</a></li>");
            _body.Append(CultureInfo.InvariantCulture, $"<h2>{Word("screenings-results")}</h2><ul>{string.Concat(links)}</ul>");
        }
    }

    private ContentHttpResult Answer(string title, string? script)
    {
        Protect(_context.Response);
        _context.Response.Headers.Vary = "Accept, Accept-Language";
        var live = script is null ? "" : $"<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript><script src=\"{Safe(Root)}/assets/{script}\" defer></script>";
        return TypedResults.Text(
            $"<!doctype html><html lang=\"{AcceptedLanguage.Tag(_words.Language)}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{Safe(title)} – FhirMg</title>"
            + $"<link rel=\"stylesheet\" href=\"{Safe(Root)}/assets/screening.css\"><link rel=\"icon\" href=\"data:,\">{live}</head><body><main><h1>{Safe(title)}</h1>{_body}</main></body></html>",
            "text/html; charset=utf-8");
    }

    private string PatientsOf(ScreeningView view) => view.Group is null ? Word("screenings-all-patients") : $"Group/{Safe(view.Group)}";

    private string Option(string language, string name) =>
        $"<option value=\"{language}\" lang=\"{language}\"{(AcceptedLanguage.Tag(_words.Language) == language ? " selected" : "")}>{Safe(name)}</option>";

    private string Word(string code) => Safe(_words[code]);

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}
