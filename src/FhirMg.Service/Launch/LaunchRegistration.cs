using FhirMg.Service.Sessions;

namespace FhirMg.Service.Launch;

/// <summary>Registers the launch of the app by SMART App Launch 2.2.</summary>
internal static partial class LaunchRegistration
{
    /// <summary>Adds what launches need.</summary>
    public static IServiceCollection AddLaunch(this IServiceCollection services) => services
        .AddSingleton<PendingLaunches>().AddSingleton<Authorizing>().AddSingleton<IdentityTokens>().AddSingleton<ServerKeys>()
        .AddSingleton<CallbackEndpoint>().AddSingleton<KeysEndpoint>();

    /// <summary>Maps the endpoints of launches, of sessions beside their page, and of the public keys.</summary>
    public static void MapLaunch(this WebApplication application)
    {
        application.MapGet(LaunchPaths.Keys, (HttpContext context, KeysEndpoint keys) => keys.GetAsync(context)).AllowAnonymous();
        var pages = application.MapGroup("").AllowAnonymous().AddEndpointFilter(ExplainAsync);
        pages.MapGet(LaunchPaths.Launch, LaunchEndpoint.LaunchAsync);
        pages.MapGet(LaunchPaths.Callback, (HttpContext context, CallbackEndpoint callback) => callback.HandleAsync(context));
        pages.MapGet(LaunchPaths.Reauthorize("{handle}"), SessionEndpoints.ReauthorizeAsync);
        pages.MapPost(LaunchPaths.SignOut("{handle}"), SessionEndpoints.SignOutAsync);
    }

    // Here a person is looking, who needs a page and not a problem document.
    private static async ValueTask<object?> ExplainAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (LaunchException e)
        {
            var logger = context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LaunchRegistration).Namespace!);
            LogFailed(logger, e.Wording, e.Detail ?? "as it says");
            return new LaunchPage(e.Status, e.Wording, "app-launch-again", e.Said);
        }
    }

    [LoggerMessage(5002, LogLevel.Warning, "A launch does not go on: {Wording} ({Detail})")]
    private static partial void LogFailed(ILogger logger, string wording, string detail);
}
