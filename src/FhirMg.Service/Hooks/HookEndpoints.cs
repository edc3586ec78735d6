using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Api;
using FhirMg.Service.Errors;
using FhirMg.Service.Evaluating;
using FhirMg.Service.Hooks.Callers;
using FhirMg.Service.Hooks.Discovery;
using FhirMg.Service.Hooks.Feedback;
using FhirMg.Service.Hosting;
using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hooks;

/// <summary>CDS Hooks 2.0: discovery, the services, and feedback.</summary>
internal static class HookEndpoints
{
    private const string Cors = "CDS Hooks";
    private static readonly TimeSpan KeysTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RememberPreflight = TimeSpan.FromHours(1);

    public static IServiceCollection AddHooks(this IServiceCollection services)
    {
        // CDS clients may run in browsers; nothing here rests on cookies, so any origin may call.
        services.AddCors(cors => cors.AddPolicy(Cors, policy => policy.AllowAnyOrigin()
            .WithMethods("GET", "POST").WithHeaders("Authorization", "Content-Type", "Accept-Language").WithExposedHeaders("Retry-After", "WWW-Authenticate")
            .SetPreflightMaxAge(RememberPreflight)));
        services.AddHttpClient(KeySource.HttpClient, client => client.Timeout = KeysTimeout)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = KeySource.Fresh });
        services.AddSingleton<CallerAuthentication>().AddSingleton<SharedKeySets>().AddSingleton<HookCall>().AddSingleton<FeedbackBook>().AddSingleton<HookPrefetch>();
        services.AddSingleton<TokenReplay>().AddHostedService(provider => provider.GetRequiredService<TokenReplay>());
        services.AddSingleton<ShownCounter>().AddHostedService(provider => provider.GetRequiredService<ShownCounter>());
        services.AddSingleton<OverriddenCards>().AddHostedService(provider => provider.GetRequiredService<OverriddenCards>());
        services.AddSingleton<OverriddenProposals>(provider => provider.GetRequiredService<OverriddenCards>().Of);
        return services;
    }

    public static void MapHooks(this WebApplication application)
    {
        var hooks = application.MapGroup("/cds-services").RequireCors(Cors).WithTags("CDS Hooks");
        var prefetch = application.Services.GetRequiredService<HookPrefetch>();
        hooks.MapGet("", context => DiscoverAsync(context, prefetch)).Describe(DiscoverAsync, "The CDS services that are offered", takesJson: false, StatusCodes.Status200OK);
        var call = application.Services.GetRequiredService<HookCall>();
        hooks.MapPost("/{id}", context => call.AnswerAsync(context)).WithMetadata(ClientLimit.CountsItself)
            .Describe(call.AnswerAsync, "Calls a CDS service: a request of CDS Hooks 2.0, answered by cards", takesJson: true, StatusCodes.Status200OK, 400, 401, 403, 404, 412, 413, 429, 503);
        hooks.MapPost("/{id}/feedback", context => call.TakeFeedbackAsync(context)).WithMetadata(ClientLimit.CountsItself)
            .Describe(call.TakeFeedbackAsync, "What people did with cards: feedback of CDS Hooks 2.0", takesJson: true, StatusCodes.Status200OK, 400, 401, 404, 413, 429, 503);
        hooks.MapGet("/{id}/feedback/summary", SummarizeAsync).WithSummary("What became of the cards of a service, by rule and knowledge version")
            .RequireAuthorization(ApiAuthorization.Policy).Produces<FeedbackSummary>().Errs("application/fhir+json", 401, 403, 404, 429, 503);
    }

    private static Task DiscoverAsync(HttpContext context, HookPrefetch prefetch)
    {
        var language = AcceptedLanguage.Of(context.Request) ?? Language.English;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.ContentLanguage = AcceptedLanguage.Tag(language);
        context.Response.Headers.Vary = "Accept-Language";
        return context.Response.Body.WriteAsync(prefetch.Discovery(language), context.RequestAborted).AsTask();
    }

    private static async Task<IResult> SummarizeAsync(string id, ShownCounter shown, IDbContextFactory<ServiceStore> stores, CancellationToken cancellationToken)
    {
        var service = HookService.Find(id) ?? throw HookCall.NoSuchService();
        await shown.FlushAsync(cancellationToken);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await FeedbackSummary.ReadAsync(service, store, cancellationToken));
    }
}
