using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Access;
using FhirMg.Service.Api;
using FhirMg.Service.Configuration;
using FhirMg.Service.Sessions;
using FhirMg.Service.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FhirMg.Service.App;

/// <summary>The page that a clinician reads (<c>/app</c>): one per launch, and nothing of it without the launch's cookie.</summary>
internal static class AppEndpoints
{
    private const string Root = "/app";

    /// <summary>Adds the page.</summary>
    public static IServiceCollection AddApp(this IServiceCollection services)
    {
        services.AddRazorComponents();
        return services.AddSingleton<AppReader>().AddSingleton<FormToken>();
    }

    /// <summary>Maps the page and its forms.</summary>
    public static void MapApp(this IEndpointRouteBuilder endpoints)
    {
        var app = endpoints.MapGroup(Root).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("", Start);
        app.MapGet("/assets/{name}", PageAssets.Get);
        app.MapGet("/{handle}", (HttpContext context, string handle) => VisitAsync(context, handle, ShowAsync));
        app.MapPost("/{handle}/answers", (HttpContext context, string handle) => SentAsync(context, handle, AnswersForm.SaveAsync));
        app.MapPost("/{handle}/decision", (HttpContext context, string handle) => SentAsync(context, handle, DecisionForm.DecideAsync));
        app.MapPost("/{handle}/language", (HttpContext context, string handle) => SentAsync(context, handle, ChangeLanguageAsync));
    }

    /// <summary>Leads back to the page after a form, so that reloading it sends nothing again.</summary>
    public static async Task<IResult> BackAsync(HttpContext context, AppVisit visit, Draft draft)
    {
        await context.RequestServices.GetRequiredService<AppSessions>().SaveAsync(visit.Session, visit.Session.Language, draft.Write(), context.RequestAborted);
        context.Response.Headers.Location = $"{context.Request.PathBase}{Root}/{visit.Session.Handle}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Says that only the person can go on, by signing in anew; what they typed is kept.</summary>
    public static async Task<IResult> SignInAgainAsync(HttpContext context, AppVisit visit, Draft? kept = null)
    {
        if (kept is not null)
        {
            await context.RequestServices.GetRequiredService<AppSessions>().SaveAsync(visit.Session, visit.Session.Language, kept.Write(), context.RequestAborted);
        }

        return Message(context, StatusCodes.Status401Unauthorized, visit.Words, "page-expired", [visit.Words["page-expired-about"]],
            (visit.Words["page-sign-in"], $"{context.Request.PathBase}{LaunchPaths.Reauthorize(visit.Session.Handle)}"));
    }

    /// <summary>Records who looked at or changed what.</summary>
    public static void Record(HttpContext context, AppVisit visit, string operation, int status, RuleSet rules = default) =>
        context.RequestServices.GetRequiredService<AccessLog>().Record(new()
        {
            At = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            Operation = operation,
            Server = visit.Tenant.Name,
            Patient = visit.Session.Patient is { } patient ? $"Patient/{patient}" : null,
            Client = visit.Tenant.Options.ClientId,
            User = visit.Session.User,
            Rules = string.Join(' ', rules.Ids()),
            Knowledge = visit.Tenant.Knowledge.Version,
            Status = status,
        });

    private static async Task<IResult> ShowAsync(HttpContext context, AppVisit visit)
    {
        if (visit.Session.Patient is null)
        {
            Record(context, visit, "app", StatusCodes.Status422UnprocessableEntity);
            return Message(context, StatusCodes.Status422UnprocessableEntity, visit.Words, "page-no-patient", [visit.Words["page-no-patient-about"]]);
        }

        var reader = context.RequestServices.GetRequiredService<AppReader>();
        try
        {
            var page = await reader.WithTokenAsync(visit, server => reader.PageAsync(visit, Frame(context, visit), server, context.RequestAborted), context.RequestAborted);
            if (visit.Draft.Notice is not null)
            {
                await context.RequestServices.GetRequiredService<AppSessions>().SaveAsync(visit.Session, visit.Session.Language, (visit.Draft with { Notice = null }).Write(), context.RequestAborted);
            }

            Record(context, visit, "app", StatusCodes.Status200OK, page.Assessment.Fired);
            return new RazorComponentResult<PatientPage>(new Dictionary<string, object?> { [nameof(PatientPage.Shown)] = page });
        }
        catch (ReauthorizationException)
        {
            return await SignInAgainAsync(context, visit);
        }
        catch (FhirServerException e)
        {
            var status = e.Fault == ServerFault.Unavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway;
            Record(context, visit, "app", status);
            return Message(context, status, visit.Words, "page-server-failed", [visit.Words["page-server-failed-about"], e.Message],
                (visit.Words["page-try-again"], $"{context.Request.PathBase}{Root}/{visit.Session.Handle}"));
        }
    }

    private static async Task<IResult> ChangeLanguageAsync(HttpContext context, AppVisit visit, IFormCollection form)
    {
        var language = form["language"] == "ru" ? "ru" : "en";
        return await BackAsync(context, visit with { Session = visit.Session with { Language = language } }, visit.Draft);
    }

    private static RazorComponentResult<MessagePage> Start(HttpContext context, TenantRegistry tenants)
    {
        PageHeaders.Apply(context);
        var launches = tenants.All.Where(tenant => tenant.Options.ClientId is not null)
            .Select(tenant => (tenant.Name, Url: $"{context.Request.PathBase}/smart/launch?iss={Uri.EscapeDataString(tenant.Options.BaseUrl.AbsoluteUri.TrimEnd('/'))}")).ToList();
        var words = new PhraseBook(tenants.Knowledge, AcceptedLanguage.Of(context.Request) ?? Language.English);
        return Message(context, StatusCodes.Status200OK, words, "page-start", [words["page-start-about"]], [.. launches.Select(launch => (words.Say("page-start-at", launch.Name), launch.Url))]);
    }

    private static async Task<IResult> SentAsync(HttpContext context, string handle, Func<HttpContext, AppVisit, IFormCollection, Task<IResult>> work) =>
        await VisitAsync(context, handle, async (_, visit) =>
        {
            if (!context.Request.HasFormContentType)
            {
                return Message(context, StatusCodes.Status415UnsupportedMediaType, visit.Words, "page-form-foreign", [visit.Words["page-form-foreign-about"]]);
            }

            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return context.RequestServices.GetRequiredService<FormToken>().IsOf(visit.Session, context.Request, form[FormToken.Field])
                ? await work(context, visit, form)
                : Message(context, StatusCodes.Status403Forbidden, visit.Words, "page-form-foreign", [visit.Words["page-form-foreign-about"]]);
        });

    private static async Task<IResult> VisitAsync(HttpContext context, string handle, Func<HttpContext, AppVisit, Task<IResult>> work)
    {
        PageHeaders.Apply(context);
        var tenants = context.RequestServices.GetRequiredService<TenantRegistry>();
        var session = await context.RequestServices.GetRequiredService<AppSessions>().FindAsync(context, handle, context.RequestAborted);
        if (session is null || tenants.Find(session.Server) is not { } tenant)
        {
            var plain = new PhraseBook(tenants.Knowledge, AcceptedLanguage.Of(context.Request) ?? Language.English);
            return Message(context, StatusCodes.Status401Unauthorized, plain, "page-no-session", [plain["page-no-session-about"]]);
        }

        var language = session.Language switch { "ru" => Language.Russian, "en" => Language.English, _ => AcceptedLanguage.Of(context.Request) ?? tenant.Language };
        return await work(context, new(session, tenant, new(tenant.Knowledge, language), Draft.Read(session.Draft)));
    }

    private static AppFrame Frame(HttpContext context, AppVisit visit) => new(
        visit.Words, $"{context.Request.PathBase}{Root}", $"{context.Request.PathBase}{Root}/{visit.Session.Handle}",
        context.RequestServices.GetRequiredService<FormToken>().Of(visit.Session));

    private static RazorComponentResult<MessagePage> Message(HttpContext context, int status, PhraseBook words, string title, IReadOnlyList<string> paragraphs, params IReadOnlyList<(string Text, string Url)> links)
    {
        var frame = new AppFrame(words, $"{context.Request.PathBase}{Root}");
        return new RazorComponentResult<MessagePage>(new Dictionary<string, object?>
        {
            [nameof(MessagePage.Frame)] = frame,
            [nameof(MessagePage.Title)] = words[title],
            [nameof(MessagePage.Paragraphs)] = paragraphs,
            [nameof(MessagePage.Links)] = links.Select(link => KeyValuePair.Create(link.Text, link.Url)).ToList(),
        })
        { StatusCode = status };
    }
}
