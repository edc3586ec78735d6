using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using FhirMg.Service.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FhirMg.Service.Screenings;

/// <summary>The pages to start and to watch a screening: they work without scripts, and are live with them.</summary>
internal static class ScreeningPage
{
    private const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // The study's page is one file with its styles and plots inside, and no script.
    private const string ReportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    private const string Style = """
        :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
        body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: start; padding: .4rem .6rem; border-bottom: 1px solid #8886; }
        progress { width: 100%; height: 1.2rem; }
        form { display: flex; flex-wrap: wrap; gap: .8rem; align-items: end; margin: 1rem 0; }
        label { display: flex; flex-direction: column; }
        button, input, select { font: inherit; padding: .3rem .6rem; }
        .failed, .problems { color: light-dark(#a00000, #ff9a9a); }
        """;

    private const string Script = """
        const page = document.getElementById('screening');
        const source = new EventSource(page.dataset.events);
        const show = view => {
          document.getElementById('state').textContent = view.state;
          document.getElementById('phase').textContent = view.phase + (view.said ? ': ' + view.said : '');
          document.getElementById('done').textContent = view.total ? view.done + ' / ' + view.total : view.done;
          document.getElementById('patients').textContent = view.patients;
          const bar = document.getElementById('bar');
          if (view.total) { bar.max = view.total; bar.value = view.done; } else { bar.removeAttribute('value'); }
        };
        source.addEventListener('progress', event => show(JSON.parse(event.data)));
        source.addEventListener('end', event => { source.close(); show(JSON.parse(event.data)); location.reload(); });
        """;

    /// <summary>Style and script of the pages.</summary>
    public static IResult Asset(string name) => name switch
    {
        "screening.css" => TypedResults.Text(Style, "text/css; charset=utf-8"),
        "screening.js" => TypedResults.Text(Script, "text/javascript; charset=utf-8"),
        _ => TypedResults.NotFound(),
    };

    /// <summary>Headers that keep a page, or a result, from doing anything else.</summary>
    public static void Protect(HttpResponse response, bool isReport = false)
    {
        response.Headers.ContentSecurityPolicy = isReport ? ReportPolicy : Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>The screenings, and a form to start one.</summary>
    public static ContentHttpResult List(HttpContext context, IReadOnlyList<ScreeningView> views, IEnumerable<Tenant> tenants)
    {
        var root = $"{context.Request.PathBase}/screenings";
        var body = new StringBuilder("<h1>Screenings</h1>");
        body.Append(CultureInfo.InvariantCulture, $"<form method=\"post\" action=\"{Safe(root)}\"><label>Server<select name=\"server\">");
        foreach (var tenant in tenants)
        {
            body.Append(CultureInfo.InvariantCulture, $"<option>{Safe(tenant.Name)}</option>");
        }

        body.Append("</select></label><label>Group (empty for all patients)<input name=\"group\" maxlength=\"64\" pattern=\"[A-Za-z0-9._\\-]*\"></label>"
            + "<label>Language<select name=\"lang\"><option value=\"en\">English</option><option value=\"ru\">Русский</option></select></label>"
            + "<label>Results<select name=\"write\"><option value=\"false\">files only</option><option value=\"true\">write back to the server</option></select></label>"
            + "<button>Start</button></form>");
        if (views.Count == 0)
        {
            body.Append("<p>No screening was started yet.</p>");
            return Page(context, "Screenings", body, null);
        }

        body.Append("<table><thead><tr><th>Started</th><th>Server</th><th>Patients of</th><th>State</th><th>Patients</th></tr></thead><tbody>");
        foreach (var view in views)
        {
            body.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"{Safe(root)}/{Safe(view.Id)}\">{view.Created.UtcDateTime:yyyy-MM-dd HH:mm} UTC</a></td><td>{Safe(view.Server)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{(view.Group is null ? "all" : $"Group/{Safe(view.Group)}")}</td><td class=\"{Safe(view.State)}\">{Safe(view.State)}</td><td>{view.Patients}</td></tr>");
        }

        return Page(context, "Screenings", body.Append("</tbody></table>"), null);
    }

    /// <summary>One screening: how far it has come, and its results.</summary>
    public static ContentHttpResult Watch(HttpContext context, ScreeningView view)
    {
        var root = $"{context.Request.PathBase}/screenings";
        var own = $"{root}/{view.Id}";
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Safe(root)}\">All screenings</a></p><h1>Screening of {Safe(view.Server)}</h1>")
            .Append(CultureInfo.InvariantCulture, $"<div id=\"screening\" data-events=\"{Safe(own)}/events\"><table><tbody>")
            .Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">Patients of</th><td>{(view.Group is null ? "all" : $"Group/{Safe(view.Group)}")}</td></tr>")
            .Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">State</th><td id=\"state\" class=\"{Safe(view.State)}\" role=\"status\">{Safe(view.State)}</td></tr>")
            .Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">Doing</th><td id=\"phase\">{Safe(view.Phase)}{(view.Said is null ? "" : $": {Safe(view.Said)}")}</td></tr>")
            .Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">Done</th><td id=\"done\">{view.Done}{(view.Total is { } total ? $" / {total}" : "")}</td></tr>")
            .Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">Patients evaluated</th><td id=\"patients\">{view.Patients}</td></tr></tbody></table>");
        if (!view.IsOver)
        {
            var value = view.Total is > 0 and var all ? string.Create(CultureInfo.InvariantCulture, $" max=\"{all}\" value=\"{view.Done}\"") : "";
            body.Append(CultureInfo.InvariantCulture, $"<progress id=\"bar\" aria-label=\"Progress\"{value}></progress>")
                .Append(CultureInfo.InvariantCulture, $"<form method=\"post\" action=\"{Safe(own)}/cancel\"><button>Cancel</button></form>");
        }

        body.Append("</div>");
        AppendList(body, "Problems", "problems", view.Problems);
        AppendList(body, "Notes", "notes", view.Notes);
        if (view.Results.Count > 0)
        {
            body.Append("<h2>Results</h2><ul>");
            foreach (var name in view.Results)
            {
                body.Append(CultureInfo.InvariantCulture, $"<li><a href=\"{Safe(own)}/results/{Safe(Uri.EscapeDataString(name))}\">{Safe(name)}</a></li>");
            }

            body.Append("</ul>");
        }

        return Page(context, $"Screening of {view.Server}", body, view.IsOver ? null : "screening.js");
    }

    private static void AppendList(StringBuilder body, string title, string name, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            body.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2><ul class=\"{name}\">");
            foreach (var line in lines)
            {
                body.Append(CultureInfo.InvariantCulture, $"<li>{Safe(line)}</li>");
            }

            body.Append("</ul>");
        }
    }

    private static ContentHttpResult Page(HttpContext context, string title, StringBuilder body, string? script)
    {
        Protect(context.Response);
        var assets = $"{context.Request.PathBase}/screenings/assets";
        var live = script is null ? "" : $"<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript><script src=\"{Safe(assets)}/{script}\" defer></script>";
        return TypedResults.Text(
            $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Safe(title)} – FhirMg</title>"
            + $"<link rel=\"stylesheet\" href=\"{Safe(assets)}/screening.css\">{live}</head><body><main>{body}</main></body></html>", "text/html; charset=utf-8");
    }

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}
