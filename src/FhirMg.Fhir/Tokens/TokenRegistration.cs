using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tokens;

/// <summary>Gives a server's client tokens of our own.</summary>
internal static class TokenRegistration
{
    private const long LargestAnswer = 16 * 1024 * 1024;

    /// <summary>Adds the handler that authorizes the client's requests, and a client of its own for token requests.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="client">The client whose requests are authorized.</param>
    /// <param name="options">The server.</param>
    /// <param name="wantedScopes">Scopes (v2) to ask for; null for those that reading, and writing where allowed, need.</param>
    public static void AddBackendServices(
        this IServiceCollection services, IHttpClientBuilder client, FhirServerOptions options, IEnumerable<string>? wantedScopes = null)
    {
        var name = services.AddTokenClient(options);
        services.AddKeyedSingleton(options.Name, (provider, _) => new BackendServicesTokens(
            options,
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(name),
            wantedScopes ?? WantedScopes.Of(Knowledge.BuiltIn, options.WritePolicy),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BackendServicesTokens>>()));
        client.AddTokens(options);
    }

    /// <summary>Lets a client's requests carry the tokens that <see cref="AddBackendServices"/> registers.</summary>
    public static void AddTokens(this IHttpClientBuilder client, FhirServerOptions options) =>
        client.AddHttpMessageHandler(provider => new BearerTokenHandler(options, provider.GetRequiredKeyedService<BackendServicesTokens>(options.Name)));

    /// <summary>Adds what launched apps need at the server, under its name; only where it has a client id.</summary>
    public static void AddSmartClient(this IServiceCollection services, FhirServerOptions options)
    {
        var name = services.AddTokenClient(options);
        services.AddKeyedSingleton(options.Name, (provider, _) => new SmartClient(
            options,
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(name),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SmartClient>>()));
    }

    private static string AddTokenClient(this IServiceCollection services, FhirServerOptions options)
    {
        var name = $"{options.Name} tokens";
        services.AddHttpClient(name, http =>
        {
            http.Timeout = Timeout.InfiniteTimeSpan;
            http.MaxResponseContentBufferSize = LargestAnswer;
        }).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(() => ServerRegistration.CreateTransport(options));
        return name;
    }
}
