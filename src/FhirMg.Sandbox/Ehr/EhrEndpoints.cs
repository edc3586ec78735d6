using System.Globalization;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Authorization;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Fhir;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FhirMg.Sandbox.Ehr;

/// <summary>The EHR page for people, and what its forms do.</summary>
internal static class EhrEndpoints
{
    private static readonly string[] Requests = ["MedicationRequest", "ServiceRequest", "CommunicationRequest", "Task"];

    public static void MapEhr(this WebApplication app)
    {
        app.MapGet("/", (HttpContext context) => Show(context, EhrPage.Of(context, context.Request.Query["patient"], context.Request.Query["clinician"]) with
        {
            ShowsApp = context.Request.Query["app"] == "frame",
            Message = (string?)context.Request.Query["message"] is "accepted" or "overridden" or "applied" ? context.Request.Query["message"] : (string?)null,
        }));
        app.MapGet("/ehr/launch", Launch);
        app.MapGet("/ehr/jwks.json", (CdsSigner signer) => TypedResults.Json(signer.Jwks()));
        app.MapGet("/assets/sandbox.css", () => TypedResults.Text(Embedded.Text("sandbox.css"), "text/css; charset=utf-8"));
        app.MapGet("/assets/sandbox.js", () => TypedResults.Text(Embedded.Text("sandbox.js"), "text/javascript; charset=utf-8"));
        var forms = app.MapGroup("/ehr").DisableAntiforgery().AddEndpointFilter(FromHereAsync);
        forms.MapPost("/hooks", HooksAsync);
        forms.MapPost("/accept", AcceptAsync);
        forms.MapPost("/override", OverrideAsync);
        forms.MapPost("/faults", FaultsAsync);
    }

    // There is no session to ride on, and yet nobody else's page is to write into a chart.
    private static ValueTask<object?> FromHereAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" ? ValueTask.FromResult<object?>(TypedResults.StatusCode(StatusCodes.Status403Forbidden)) : next(context);

    private static RazorComponentResult<EhrView> Show(HttpContext context, EhrPage page)
    {
        PageHeaders.Set(context, [page.Connections.AppLaunchUrl, new(page.Address.Issuer)]);
        return new(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(EhrView.Page)] = page });
    }

    private static IResult Launch(HttpContext context, string patient, string? clinician, string? appContext, Launches launches, Connections connections, ServerAddress address)
    {
        if (EhrPage.Of(context, patient, clinician) is not { Chart: { } chart, Choice: var choice } page || connections.AppLaunchUrl is not { } app)
        {
            return TypedResults.Problem("There is no such patient, or no app is connected.", statusCode: StatusCodes.Status404NotFound);
        }

        var encounter = choice.Encounter is null ? chart.Encounter : page.Encounters.FirstOrDefault(one => one.Id == choice.Encounter)?.Id;
        var launch = launches.Open(new(chart.Patient, chart.Practitioner, encounter, choice.Intent is { Length: > 0 } intent ? intent : null, choice.Banner ?? true, appContext));
        var query = $"iss={Uri.EscapeDataString(address.FhirBase)}&launch={launch}";
        return TypedResults.Redirect(new UriBuilder(app) { Query = app.Query.Length > 1 ? $"{app.Query[1..]}&{query}" : query }.Uri.AbsoluteUri);
    }

    private static async Task<IResult> HooksAsync(HttpContext context, CdsClient cds)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var page = EhrPage.Of(context, form["patient"], form["clinician"]);
        if (page.Chart is null || (string?)form["hook"] is not { } hook || !EhrPage.Hooks.Contains(hook))
        {
            return TypedResults.Redirect(page.Url());
        }

        var draft = Draft.All.FirstOrDefault(one => one.Code == form["draft"]) ?? Draft.All[0];
        var prefetch = form["prefetch"] == "on";
        var call = await cds.CallAsync(hook, page.Chart, draft, prefetch, page.Texts.Language, context.RequestAborted);
        return Show(context, page with { Hook = hook, DraftCode = draft.Code, Prefetch = prefetch, Call = call });
    }

    private static async Task<IResult> AcceptAsync(HttpContext context, CdsClient cds, FhirStore store, ServerAddress address, TimeProvider time)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var page = EhrPage.Of(context, form["patient"], form["clinician"]);
        try
        {
            var chart = new ChartReader(store, address);
            foreach (var action in ResourceCheck.Parse(System.Text.Encoding.UTF8.GetBytes(form["suggestion"].ToString())).At("actions").OfType<JsonObject>())
            {
                if (action.TextAt("type") is "create" or "update" && action["resource"] is JsonObject resource)
                {
                    chart.Write(Ordered((JsonObject)resource.DeepClone(), page, time));
                }
            }
        }
        catch (FhirException e)
        {
            return Show(context, page with { Failure = e.Message });
        }

        var feedback = Feedback(form, "accepted", time);
        feedback["acceptedSuggestions"] = new JsonArray(new JsonObject { ["id"] = form["suggestion-uuid"].ToString() });
        return await TellAsync(context, cds, form, feedback, "accepted");
    }

    // What a clinician takes from a card is their order: an EHR says so where the service left it open.
    private static JsonObject Ordered(JsonObject resource, EhrPage page, TimeProvider time)
    {
        if (Requests.Contains(resource.TextAt("resourceType")))
        {
            resource["requester"] ??= new JsonObject { ["reference"] = $"Practitioner/{page.Clinician}" };
            resource["authoredOn"] ??= Now(time);
        }

        return resource;
    }

    private static string Now(TimeProvider time) => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static async Task<IResult> OverrideAsync(HttpContext context, CdsClient cds, TimeProvider time)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var feedback = Feedback(form, "overridden", time);
        var reason = new JsonObject();
        if (form["reason"].ToString().Split('|', 2) is [var system, { Length: > 0 } code])
        {
            reason["reason"] = new JsonObject { ["code"] = code, ["system"] = system };
        }

        if (form["comment"].ToString() is { Length: > 0 } comment)
        {
            reason["userComment"] = comment;
        }

        feedback["overrideReason"] = reason.Count > 0 ? reason : null;
        return await TellAsync(context, cds, form, feedback, "overridden");
    }

    private static JsonObject Feedback(IFormCollection form, string outcome, TimeProvider time) => new()
    {
        ["card"] = form["card"].ToString(),
        ["outcome"] = outcome,
        ["outcomeTimestamp"] = Now(time),
    };

    private static async Task<IResult> TellAsync(HttpContext context, CdsClient cds, IFormCollection form, JsonObject feedback, string done)
    {
        var failure = await cds.FeedbackAsync(form["service"].ToString(), feedback, context.RequestAborted);
        var page = EhrPage.Of(context, form["patient"], form["clinician"]);
        return failure is null ? TypedResults.Redirect(page.Url($"&message={done}"), permanent: false, preserveMethod: false)
            : Show(context, page with { Failure = $"{page.Texts["feedback-failed"]}: {failure}" });
    }

    private static async Task<IResult> FaultsAsync(HttpContext context, FaultState faults, SmartState smart)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var page = EhrPage.Of(context, form["patient"], form["clinician"]);
        static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        var switches = new FaultSwitches(Number(form["delay"]), Number(form["status"]), Number(form["times"]), form["expired"] == "on", form["vendor"].ToString());
        if (switches.Problem is { } problem)
        {
            return Show(context, page with { Failure = problem });
        }

        faults.Set(switches);
        smart.Switches = smart.Switches with
        {
            Ceiling = form["ceiling"].ToString() is { Length: > 0 } ceiling ? ceiling.Trim() : null,
            GivesRefreshTokens = form["refresh"] == "on",
            GivesIdTokens = form["identity"] == "on",
            TellsPatient = form["tells-patient"] == "on",
            TellsExpiry = form["expiry"] == "on",
            KnowsVersion2 = form["v2"] == "on",
            AddsParameters = form["extra"] == "on",
        };
        return TypedResults.Redirect(page.Url("&message=applied"));
    }
}
