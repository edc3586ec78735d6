using System.Diagnostics;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Access;
using FhirMg.Service.Api;
using FhirMg.Service.Errors;
using FhirMg.Service.Hooks.Callers;
using FhirMg.Service.Hooks.Cards;
using FhirMg.Service.Hooks.Discovery;
using FhirMg.Service.Hooks.Feedback;
using FhirMg.Service.Hooks.Prefetch;
using FhirMg.Service.Hooks.Requests;
using FhirMg.Service.Hosting;
using FhirMg.Service.Observability;
using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
using Microsoft.Net.Http.Headers;

namespace FhirMg.Service.Hooks;

/// <summary>Answers the calls of CDS services.</summary>
internal sealed class HookCall(
    CallerAuthentication callers, HookPrefetch prefetch, OverriddenCards overridden, ShownCounter shown, FeedbackBook feedback,
    ClientLimit limit, PublicAddress address, AccessLog access, Telemetry telemetry, TimeProvider clock)
{
    // What is left of the time at the end, to evaluate and answer.
    private static readonly TimeSpan ForAnswering = TimeSpan.FromMilliseconds(100);
    private const int LargestCommonAnswer = 64 * 1024;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    public static RequestException NoSuchService() =>
        new(StatusCodes.Status404NotFound, "not-found", $"there is no such service; there are: {string.Join(' ', HookService.All.Select(service => service.Id))}");

    public async Task AnswerAsync(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        var service = ServiceOf(context);
        var caller = await AuthenticateAsync(context, service.Id);
        telemetry.RecordPhase("authenticate", began);
        using var body = await RequestBody.ReadAsync(context.Request);
        var knowledge = caller.Tenants[0].Knowledge;
        var index = body.Index(knowledge);
        var request = HookRequestReader.Read(body.Span, index);
        if (request.Hook != service.Hook)
        {
            throw new RequestException($"hook is not {service.Hook}, which this service is for");
        }

        var tenant = TenantOf(caller, request.FhirServer);
        if (!ReferenceEquals(tenant.Knowledge, knowledge))
        {
            // What a shape says is said by one knowledge.
            index = body.Index(tenant.Knowledge);
            request = HookRequestReader.Read(body.Span, index);
        }

        var status = StatusCodes.Status200OK;
        RuleSet rules = default;
        string[] patients = [$"Patient/{request.PatientId}"];
        TimeSpan Left() => tenant.Options.Deadline - Stopwatch.GetElapsedTime(began) - ForAnswering;
        try
        {
            var asOf = clock.GetUtcNow();
            var reading = Stopwatch.GetTimestamp();
            var brought = BroughtData.Read(service, request, body.Span, index, prefetch.Templates, tenant.Knowledge);
            body.DropIndex();
            telemetry.RecordPhase("read", reading);
            var pulling = Stopwatch.GetTimestamp();
            var server = ServerAccess.For(tenant, request);
            var survivor = BroughtData.ReplacedBy(request, body.Memory, prefetch.Templates, tenant.Options);
            var isBrought = survivor is not null;
            var data = survivor is not null
                ? new(BroughtData.RecordOf(brought.Document, request.PatientId), brought.MissingKinds)
                : await PatientDataSource.CompleteAsync(brought, request, tenant.Knowledge, server, asOf, Left(), clock, context.RequestAborted);
            survivor ??= data.ReplacedBy;

            // What is said about a merged patient is about the one that lives on. Draft orders are checked in any case: by what was sent, where that one cannot be read.
            var followed = survivor is null || server is null ? null
                : await PatientDataSource.FollowAsync(
                    survivor, brought, isBrought ? null : data.NotRead, service, request, body.Memory, server, asOf, Left(), clock, context.RequestAborted);
            telemetry.RecordPhase("pull", pulling);
            data = followed ?? data;
            if (data.Record is not { } record || (survivor is null && data.IsUseless))
            {
                throw Missing(data, tenant, request);
            }

            var evaluating = Stopwatch.GetTimestamp();
            var assessment = Evaluator.Evaluate(Extractor.Extract(record, tenant.Knowledge, asOf, data.NotRead & service.Needs), tenant.Knowledge);
            telemetry.RecordPhase("evaluate", evaluating);
            rules = survivor is null || followed is not null || service.IsAboutOrders ? assessment.Fired : RuleSet.None;
            patients = followed is null ? patients : [.. patients, assessment.Features.Patient];
            var answering = Stopwatch.GetTimestamp();
            await WriteAsync(context, service, tenant, request, data, assessment, survivor is null ? null
                : new(followed is null ? $"Patient/{survivor}" : assessment.Features.Patient, followed is not null, data.Left));
            telemetry.RecordPhase("answer", answering);
        }
        catch (Exception e)
        {
            status = ErrorRegistration.StatusOf(context, e);
            throw;
        }
        finally
        {
            foreach (var patient in patients)
            {
                access.Record(new()
                {
                    At = clock.GetUtcNow(),
                    Operation = $"cds-hooks {service.Hook}",
                    Server = tenant.Name,
                    Patient = patient,
                    Client = caller.Issuer,
                    User = request.UserId,
                    Rules = rules.ToString(),
                    Knowledge = tenant.Knowledge.Version,
                    Status = status,
                });
            }
        }
    }

    public async Task TakeFeedbackAsync(HttpContext context)
    {
        var service = ServiceOf(context);

        // Some clients sign for the service, others for its feedback endpoint.
        var caller = await AuthenticateAsync(context, service.Id, $"{service.Id}/feedback");
        using var body = await RequestBody.ReadAsync(context.Request);
        var entries = FeedbackReader.Read(body.Memory);
        foreach (var kept in await feedback.KeepAsync(caller.Tenants[0], service, entries, context.RequestAborted))
        {
            telemetry.CountFeedback(kept.Rule, kept.IsOverridden ? "overridden" : "accepted");
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private static HookService ServiceOf(HttpContext context) => HookService.Find((string)context.Request.RouteValues["id"]!) ?? throw NoSuchService();

    private static Tenant TenantOf(Caller caller, string? fhirServer) => caller.For(fhirServer) ?? throw (fhirServer is null
        ? new RequestException("fhirServer is missing: you may call for several servers")
        : new RequestException(StatusCodes.Status403Forbidden, "forbidden", "fhirServer is none of the servers that you may call for"));

    private static RequestException Missing(GatheredData data, Tenant tenant, HookRequest request)
    {
        var what = data.Record is null ? "the Patient could not be had" : "neither results nor conditions could be had";
        var how = request.FhirServer is null ? "send prefetch, or fhirServer with fhirAuthorization"
            : !tenant.IsAt(request.FhirServer) ? "fhirServer is not the configured one, so it was not asked: send prefetch"
            : ServerAccess.For(tenant, request) is null ? "fhirAuthorization is missing or cannot be used (expiry, type, subject, patient), so the server was not asked"
            : "the server did not give it in time";
        return new(StatusCodes.Status412PreconditionFailed, "incomplete", $"{what}: {how}");
    }

    private async ValueTask<Caller> AuthenticateAsync(HttpContext context, params string[] paths)
    {
        var authorization = (string?)context.Request.Headers.Authorization;
        var (caller, refusal) = await callers.AuthenticateAsync(authorization, Array.ConvertAll(paths, path => $"{address.Base}/cds-services/{path}"), context.RequestAborted);
        if (caller is not null)
        {
            if (caller.Issuer is { } issuer)
            {
                limit.Count(issuer);
            }

            return caller;
        }

        if (refusal!.Status == StatusCodes.Status503ServiceUnavailable)
        {
            throw new RequestException(refusal.Status, "transient", refusal.Reason) { RetryAfter = Again };
        }

        // The error's answer begins with cleared headers, so this is added when it is sent.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.WWWAuthenticate = string.IsNullOrEmpty(authorization) ? "Bearer" : "Bearer error=\"invalid_token\"";
            return Task.CompletedTask;
        });
        throw new RequestException(refusal.Status, "login", refusal.Reason);
    }

    private async Task WriteAsync(
        HttpContext context, HookService service, Tenant tenant, HookRequest request, GatheredData data, Assessment assessment, Merge? merge)
    {
        var language = AcceptedLanguage.Of(context.Request) ?? tenant.Language;
        var patient = PatientDigest.Of(tenant.Name, assessment.Features.Patient);
        var patientText = PatientDigest.Text(patient);
        var cards = CardDeck.For(
            service, assessment, merge, request.Selections, language, card => overridden.Silence(card, tenant.Name, patientText, assessment.Deficiency), data.LacksAdministrationsOnly);
        using var output = new PooledOutput(LargestCommonAnswer);
        CardWriter.Write(output, cards, assessment, language, new(
            request.HookInstance, service.Id, patient, address.Base, tenant.Options.ClientId is not null, tenant.Options.WritePolicy != WritePolicy.Report));
        foreach (var card in cards)
        {
            shown.Add(tenant.Name, service.Id, card.RuleId, assessment.Knowledge);
            if (card.Rule is { } rule)
            {
                telemetry.CountCard(service.Id, rule);
            }
        }

        telemetry.CountSetAsides(assessment);
        var response = context.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = output.Written.Length;
        response.Headers[HeaderNames.ContentLanguage] = AcceptedLanguage.Tag(language);
        response.Headers[HeaderNames.CacheControl] = "no-store";
        await response.Body.WriteAsync(output.Memory, context.RequestAborted);
    }
}
