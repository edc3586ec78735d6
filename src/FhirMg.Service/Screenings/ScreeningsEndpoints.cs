using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FhirMg.Service.Access;
using FhirMg.Service.Api;
using FhirMg.Service.Errors;
using FhirMg.Service.Tenants;
using Microsoft.AspNetCore.StaticFiles;

namespace FhirMg.Service.Screenings;

/// <summary>What is asked for: a configured server, and a Group or all of its patients. No file and no other address can be named.</summary>
internal sealed record ScreeningRequest(string? Server, string? Group, bool All = false, bool Write = false, string? Lang = null);

/// <summary><c>/screenings</c>: start, list, watch, cancel, fetch results.</summary>
internal static class ScreeningsEndpoints
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly FileExtensionContentTypeProvider Types = new(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".ndjson"] = "application/fhir+ndjson",
        [".csv"] = "text/csv; charset=utf-8",
        [".json"] = "application/json",
        [".html"] = "text/html; charset=utf-8",
        [".parquet"] = "application/vnd.apache.parquet",
    });

    /// <summary>Adds the worker and what it needs.</summary>
    public static IServiceCollection AddScreenings(this IServiceCollection services) => services
        .AddSingleton<ScreeningJobs>().AddSingleton<ScreeningWork>().AddHostedService<ScreeningWorker>();

    /// <summary>Maps <c>/screenings</c>.</summary>
    public static void MapScreenings(this IEndpointRouteBuilder routes)
    {
        var screenings = routes.MapGroup("/screenings").RequireAuthorization(ApiAuthorization.Policy).WithTags("Screenings").Errs("application/problem+json", 401, 403, 429, 503);
        screenings.MapGet("", ListAsync).WithSummary("The screenings of this service, the latest first").Produces<List<ScreeningView>>();
        screenings.MapPost("", StartAsync).DisableAntiforgery()
            .WithSummary("Starts a screening: server, and all or group; write and lang where wanted (JSON, or the page's form)").Produces<ScreeningView>(202).Errs("application/problem+json", 400);
        screenings.MapGet("/assets/{name}", ScreeningAssets.Get).ExcludeFromDescription();
        screenings.MapGet("/{id}", ShowAsync).WithSummary("How far a screening has come, and its results").Produces<ScreeningView>().Errs("application/problem+json", 404);
        screenings.MapGet("/{id}/events", EventsAsync).WithSummary("The same, as it changes (server-sent events)").Produces<string>(200, "text/event-stream").Errs("application/problem+json", 404);
        screenings.MapDelete("/{id}", CancelAsync).WithSummary("Cancels a screening").Produces<ScreeningView>(202).Errs("application/problem+json", 404);
        screenings.MapPost("/{id}/cancel", CancelAsync).DisableAntiforgery().ExcludeFromDescription();
        screenings.MapGet("/{id}/results/{name}", ResultAsync).WithSummary("A file of the results").Produces<string>(200, "application/octet-stream").Errs("application/problem+json", 404);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ScreeningJobs jobs, ScreeningWork work, TenantRegistry tenants)
    {
        var views = (await jobs.ListAsync(context.RequestAborted)).Select(job => ScreeningView.Of(job, work)).ToList();
        return WantsPage(context.Request) ? ScreeningPage.List(context, views, tenants.All) : TypedResults.Json(views);
    }

    private static async Task<IResult> StartAsync(HttpContext context, ScreeningJobs jobs, TenantRegistry tenants, TimeProvider time)
    {
        RequireSameSite(context.Request);
        var isForm = context.Request.HasFormContentType;
        var asked = isForm ? await FormAsync(context.Request) : await JsonAsync(context.Request);
        if (asked?.Server is not { Length: > 0 } name || tenants.Find(name) is not { } tenant)
        {
            throw new RequestException($"server: must name a configured server: {string.Join(", ", tenants.All.Select(each => each.Name))}");
        }

        var group = string.IsNullOrEmpty(asked.Group) ? null : asked.Group;
        if ((group is null) != asked.All)
        {
            throw new RequestException("exactly one of group (a Group's id) and all (true) is needed");
        }

        if (group is not null && (group.Length > 64 || !group.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')))
        {
            throw new RequestException("group: is no id of a Group (at most 64 letters, digits, '-' and '.')");
        }

        if (asked.Lang is not (null or "" or "en" or "ru"))
        {
            throw new RequestException("lang: must be en or ru");
        }

        var job = new ScreeningJob
        {
            Id = ScreeningJobs.NewId(),
            At = time.GetUtcNow(),
            Server = tenant.Name,
            Group = group,
            Write = asked.Write,
            Language = string.IsNullOrEmpty(asked.Lang) ? tenant.Settings.Language : asked.Lang,
            Client = ApiAuthorization.ClientOf(context),
        };
        await jobs.AddAsync(job, context.RequestAborted);
        Record(context, job, "screening", StatusCodes.Status202Accepted);
        var location = $"{context.Request.PathBase}/screenings/{job.Id}";
        if (isForm)
        {
            context.Response.Headers.Location = location;
            return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
        }

        return TypedResults.Accepted(location, ScreeningView.Of(job, context.RequestServices.GetRequiredService<ScreeningWork>()));
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext context, ScreeningJobs jobs, ScreeningWork work)
    {
        var view = ScreeningView.Of(await FindAsync(id, jobs, context), work);
        return WantsPage(context.Request) ? ScreeningPage.Watch(context, view) : TypedResults.Json(view);
    }

    private static async Task<IResult> EventsAsync(string id, HttpContext context, ScreeningJobs jobs, ScreeningWork work, TimeProvider time)
    {
        await FindAsync(id, jobs, context);
        return TypedResults.ServerSentEvents(Events(id, jobs, work, time, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<ScreeningView>> Events(
        string id, ScreeningJobs jobs, ScreeningWork work, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await jobs.FindAsync(id, cancellation) is { } job)
        {
            var view = ScreeningView.Of(job, work);
            yield return new(view, view.IsOver ? "end" : "progress");
            if (view.IsOver)
            {
                yield break;
            }

            await Task.Delay(Pace, time, cancellation);
        }
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, ScreeningJobs jobs, ScreeningWork work)
    {
        RequireSameSite(context.Request);
        var job = await FindAsync(id, jobs, context);
        await jobs.CancelAsync(job.Id, context.RequestAborted);
        Record(context, job, "screening cancelled", StatusCodes.Status202Accepted);
        if (HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Location = $"{context.Request.PathBase}/screenings/{job.Id}";
            return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
        }

        return TypedResults.Accepted((string?)null, ScreeningView.Of(await FindAsync(id, jobs, context), work));
    }

    private static async Task<IResult> ResultAsync(string id, string name, HttpContext context, ScreeningJobs jobs, ScreeningWork work)
    {
        var job = await FindAsync(id, jobs, context);

        // Only names that are there: nothing that a caller writes becomes a path.
        if (!ScreeningView.Of(job, work).Results.Contains(name, StringComparer.Ordinal))
        {
            throw new RequestException(StatusCodes.Status404NotFound, "not-found", job.State == ScreeningState.Done ? "there is no result of that name" : "there are no results yet");
        }

        Record(context, job, "screening results", StatusCodes.Status200OK);
        ScreeningPage.Protect(context.Response, isReport: true);
        var type = Types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
        var isShown = type.StartsWith("text/html", StringComparison.Ordinal);
        return TypedResults.PhysicalFile(Path.GetFullPath(Path.Combine(work.Results(id), name)), type, isShown ? null : name, enableRangeProcessing: true);
    }

    private static async Task<ScreeningJob> FindAsync(string id, ScreeningJobs jobs, HttpContext context) =>
        await jobs.FindAsync(id, context.RequestAborted) ?? throw new RequestException(StatusCodes.Status404NotFound, "not-found", "there is no screening of that id");

    private static async Task<ScreeningRequest> FormAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        return new(form["server"], form["group"], string.IsNullOrEmpty(form["group"]), form["write"] == "true", form["lang"]);
    }

    private static async Task<ScreeningRequest?> JsonAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "not-supported", "the body must be application/json, or a form");
        }

        try
        {
            return await request.ReadFromJsonAsync<ScreeningRequest>(request.HttpContext.RequestAborted);
        }
        catch (JsonException e)
        {
            throw new RequestException("the body must be a JSON object with server, and group or all; also write and lang", e);
        }
    }

    // A page of another site must not start or stop anything by a form of its own.
    private static void RequireSameSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].FirstOrDefault() is "cross-site" or "same-site")
        {
            throw new RequestException(StatusCodes.Status403Forbidden, "forbidden", "the request comes from a page of another site");
        }
    }

    private static bool WantsPage(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accepted && accepted.Any(type => type.MediaType == "text/html");

    private static void Record(HttpContext context, ScreeningJob job, string operation, int status) =>
        context.RequestServices.GetRequiredService<AccessLog>().Record(new()
        {
            At = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            Operation = operation,
            Server = job.Server,
            Client = ApiAuthorization.ClientOf(context),
            Status = status,
        });
}
