using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FhirMg.Fhir.Http;
using FhirMg.Fhir.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;

namespace FhirMg.Fhir.Servers;

/// <summary>Registers configured servers, each with a client of its own.</summary>
public static class ServerRegistration
{
    /// <summary>Adds the servers; <see cref="FhirServers"/> finds them by name.</summary>
    /// <exception cref="ArgumentException">A server's options cannot be used; the message names server and option.</exception>
    public static IServiceCollection AddFhirServers(this IServiceCollection services, params IEnumerable<FhirServerOptions> servers)
    {
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        var all = servers.ToList();
        foreach (var options in all)
        {
            if (options.Problem() is { } problem)
            {
                throw new ArgumentException($"server {options.Name}: {problem}", nameof(servers));
            }

            services.AddFhirClient(options);
        }

        return services.AddSingleton(provider => new FhirServers(
            all.Select(options => new FhirServer(options, provider.GetRequiredService<IHttpClientFactory>(), provider.GetKeyedService<BackendServicesTokens>(options.Name))
            {
                Breaker = provider.GetRequiredKeyedService<CircuitBreakerStateProvider>(options.Name),
            })));
    }

    private static void AddFhirClient(this IServiceCollection services, FhirServerOptions options)
    {
        services.AddKeyedSingleton(options.Name, (_, _) => new CircuitBreakerStateProvider());
        var client = services.AddHttpClient(options.Name, http =>
        {
            http.Timeout = Timeout.InfiniteTimeSpan;
            foreach (var (name, value) in options.Headers)
            {
                http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
            }
        });

        // The factory's own logging writes urls, and urls of FHIR name patients.
        client.RemoveAllLoggers();
        client.AddResilienceHandler(options.Name, (pipeline, context) =>
            Resilience.Configure(pipeline, options, context.ServiceProvider.GetRequiredService<TimeProvider>(),
                context.ServiceProvider.GetRequiredKeyedService<CircuitBreakerStateProvider>(options.Name)));
        if (options.Auth == ServerAuth.BackendServices)
        {
            services.AddBackendServices(client, options);
        }

        if (options.ClientId is { Length: > 0 })
        {
            services.AddSmartClient(options);
        }

        client.AddHttpMessageHandler(() => new TransportHandler(options));
        client.ConfigurePrimaryHttpMessageHandler(() => CreateTransport(options));
        client.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        services.AddFileClients(options);
    }

    /// <summary>The connections to a server: no redirects by themselves, gzip, a private CA and a client certificate where configured.</summary>
    internal static SocketsHttpHandler CreateTransport(FhirServerOptions options)
    {
#pragma warning disable CA2000 // The handler owns the certificates, and lives as long as the program.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            UseCookies = false,
        };
        if (options.CaPath is { } path)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            handler.SslOptions.CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (options.ClientCertificatePath is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate)];
        }

#pragma warning restore CA2000
        return handler;
    }
}
