using System.Net;
using FhirMg.Fhir.Http;
using FhirMg.Fhir.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace FhirMg.Fhir.Servers;

/// <summary>The clients that fetch files: one for the server itself, and one without token, headers and certificate for its storage.</summary>
internal static class FileClients
{
    public static string Own(string server) => $"{server} files";

    public static string Storage(string server) => $"{server} storage";

    public static void AddFileClients(this IServiceCollection services, FhirServerOptions options)
    {
        var own = services.AddHttpClient(Own(options.Name), http =>
        {
            http.Timeout = Timeout.InfiniteTimeSpan;
            foreach (var (name, value) in options.Headers)
            {
                http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
            }
        });
        AddResilience(own, options);
        if (options.Auth == ServerAuth.BackendServices)
        {
            own.AddTokens(options);
        }

        own.AddHttpMessageHandler(() => new TransportHandler(options, streams: true));
        own.ConfigurePrimaryHttpMessageHandler(() =>
        {
            // A file is kept as it was packed: so its size can be checked, and its rest asked for.
            var transport = ServerRegistration.CreateTransport(options);
            transport.AutomaticDecompression = DecompressionMethods.None;
            return transport;
        });
        own.SetHandlerLifetime(Timeout.InfiniteTimeSpan);

        var storage = services.AddHttpClient(Storage(options.Name), http => http.Timeout = Timeout.InfiniteTimeSpan);
        AddResilience(storage, options);
        storage.AddHttpMessageHandler(() => new StorageHandler(options));
        storage.ConfigurePrimaryHttpMessageHandler(() => StorageTransport.Create(options));
        storage.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
    }

    private static void AddResilience(IHttpClientBuilder client, FhirServerOptions options)
    {
        // The urls of a storage are keys to patients' data: the factory's own logging would write them.
        client.RemoveAllLoggers();
        client.AddResilienceHandler(options.Name, (pipeline, context) =>
            Resilience.Configure(pipeline, options, context.ServiceProvider.GetRequiredService<TimeProvider>()));
    }
}
