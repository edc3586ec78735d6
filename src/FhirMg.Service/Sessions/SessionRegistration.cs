namespace FhirMg.Service.Sessions;

/// <summary>Registers the sessions of launched apps.</summary>
internal static class SessionRegistration
{
    /// <summary>Adds <see cref="AppSessions"/>.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddSingleton<ExpiredSessions>().AddHostedService(provider => provider.GetRequiredService<ExpiredSessions>()).AddSingleton<TokenReturn>()
        .AddSingleton<AppSessions>().AddSingleton<SessionProtection>().AddSingleton<BrowserCookie>().AddSingleton<TokenRenewal>().AddSingleton<TokenCalls>();
}
