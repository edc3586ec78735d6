using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Reasoning.Knowing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirMg.Cli.Servers;

/// <summary>The server of a request, ready to be called.</summary>
internal sealed class Connection : IDisposable
{
    private readonly ServiceProvider _services;

    private Connection(ServiceProvider services, string name) => (_services, Server) = (services, services.GetRequiredService<FhirServers>()[name]);

    public FhirServer Server { get; }

    /// <exception cref="InputException">A certificate or key file cannot be used.</exception>
    public static Connection Open(ServerRequest request, Knowledge knowledge)
    {
        CheckFiles(request);
        var options = Options(request);
        var services = new ServiceCollection();
        services.AddFhirServers(options);
        if (options.Auth == ServerAuth.BackendServices)
        {
            // The later registration counts: who only looks asks for no scope to write.
            services.AddKeyedSingleton(options.Name, (provider, _) => new BackendServicesTokens(
                options,
                provider.GetRequiredService<IHttpClientFactory>().CreateClient($"{options.Name} tokens"),
                [.. Scopes(knowledge, options.WritePolicy, request.Write), .. request.IsPopulation ? ["system/Group.rs"] : Array.Empty<string>()],
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<BackendServicesTokens>>()));
        }

        return new(services.BuildServiceProvider(), options.Name);
    }

    public void Dispose() => _services.Dispose();

    private static FhirServerOptions Options(ServerRequest request)
    {
        var options = new FhirServerOptions
        {
            Name = request.Name,
            BaseUrl = request.Url,
            ExportBase = request.ExportBase,
            Auth = request.ClientId is null ? ServerAuth.None : ServerAuth.BackendServices,
            ClientId = request.ClientId,
            PrivateKeyPath = request.KeyPath,
            ClientSecret = request.ClientSecret,
            Scopes = request.Scopes,
            WritePolicy = request.WritePolicy switch
            {
                ServerRequest.PolicyReport => WritePolicy.Report,
                ServerRequest.PolicySuggest => WritePolicy.Suggest,
                _ => WritePolicy.Write,
            },
            Deadline = request.Deadline,
            CaPath = request.CaPath,
            ClientCertificatePath = request.ClientCertificatePath,
            Headers = request.Headers.DistinctBy(header => header.Name).ToDictionary(header => header.Name, header => header.Value),
        };

        // Who allows a slow server more time allows each of its answers more.
        var attempt = request.Deadline / 3;
        return options with
        {
            AttemptTimeout = attempt > options.AttemptTimeout ? attempt : options.AttemptTimeout,
            MaxConcurrency = request.MaxConcurrency ?? options.MaxConcurrency,
        };
    }

    // Planning looks for what was written before, so its types are read too.
    private static IEnumerable<string> Scopes(Knowledge knowledge, WritePolicy policy, bool write) =>
        policy == WritePolicy.Report || (write && policy == WritePolicy.Write)
            ? WantedScopes.Of(knowledge, policy)
            : WantedScopes.Of(knowledge, WritePolicy.Write).Select(scope => $"{scope[..scope.LastIndexOf('.')]}.rs");

    private static void CheckFiles(ServerRequest request)
    {
        if (request.KeyPath is { } key)
        {
            SecretFile.Require("--key", key);
        }

        if (request.CaPath is { } ca)
        {
            Load("--ca", ca, "a certificate", () =>
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(ca);
                return authorities.Count > 0;
            });
        }

        if (request.ClientCertificatePath is { } certificate)
        {
            Load("--client-certificate", certificate, "a certificate and its unencrypted key", () =>
            {
                using var loaded = X509Certificate2.CreateFromPemFile(certificate);
                return loaded.HasPrivateKey;
            });
        }
    }

    private static void Load(string option, string path, string what, Func<bool> load)
    {
        SecretFile.Require(option, path);
        try
        {
            if (load())
            {
                return;
            }
        }
        catch (CryptographicException)
        {
            // Said below, in words that help.
        }

        throw new InputException($"{option} {path}: it does not hold {what} in PEM");
    }
}
