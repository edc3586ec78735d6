using FhirMg.Fhir.Servers;
using FhirMg.Service.Configuration;

namespace FhirMg.Service.Tenants;

/// <summary>Registers the configured servers.</summary>
internal static class TenantRegistration
{
    /// <summary>Adds <see cref="TenantRegistry"/> and a client per server. Settings that validation will refuse add no client.</summary>
    public static IServiceCollection AddTenants(this IServiceCollection services, ServiceOptions options) => services
        .AddFhirServers(options.Servers.Where(settings => settings is { Name.Length: > 0, BaseUrl.IsAbsoluteUri: true }).Select(Options).Where(server => server.Problem() is null))
        .AddSingleton<TenantRegistry>();

    private static FhirServerOptions Options(ServerSettings settings) => new()
    {
        Name = settings.Name!,
        BaseUrl = settings.BaseUrl!,
        ExportBase = settings.ExportBase,
        Auth = settings.Auth switch { "backend-services" => ServerAuth.BackendServices, "smart-only" => ServerAuth.SmartOnly, _ => ServerAuth.None },
        ClientId = settings.ClientId,
        PrivateKeyPath = settings.PrivateKeyPath,
        ClientSecret = settings.ClientSecret,
        Scopes = settings.Scopes,
        WritePolicy = settings.WritePolicy switch { "write" => WritePolicy.Write, "report" => WritePolicy.Report, _ => WritePolicy.Suggest },
        Deadline = settings.Deadline,
        MaxConcurrency = settings.MaxConcurrency,
        CaPath = settings.CaPath,
        ClientCertificatePath = settings.ClientCertificatePath,
        Headers = settings.Headers,
    };
}
