using FhirMg.Service.Access;
using FhirMg.Service.Api;
using FhirMg.Service.App;
using FhirMg.Service.Configuration;
using FhirMg.Service.Errors;
using FhirMg.Service.Health;
using FhirMg.Service.Hooks;
using FhirMg.Service.Launch;
using FhirMg.Service.Observability;
using FhirMg.Service.Operations;
using FhirMg.Service.Screenings;
using FhirMg.Service.Sessions;
using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Hosting;

/// <summary>The whole service, put together.</summary>
internal static class ServiceApplication
{
    /// <summary>Builds the application; it is started by its caller.</summary>
    /// <param name="args">Command line, as configuration.</param>
    /// <param name="adjust">Changes before it is built, such as a test's clock; null for none.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        adjust?.Invoke(builder);
        builder.UseDefaultAddresses();
        DemoHospital.Add(builder);
        builder.AddPlainLogs();
        var section = builder.Configuration.GetSection(ServiceOptions.Section);
        var options = ServiceOptions.Read(section);
        builder.Services.AddSingleton<IValidateOptions<ServiceOptions>, ServiceOptionsValidation>();
        builder.Services.AddOptions<ServiceOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddHostedService<UnknownKeys>().AddSingleton<PublicAddress>();
        builder.Services.AddTenants(options).AddStore(options.Store).AddHealth().AddApiDocument();
        builder.AddTelemetry(options);
        builder.Services.AddSingleton<AccessLog>().AddHostedService(provider => provider.GetRequiredService<AccessLog>());
        builder.AddKeyProtection(options.DataProtection);
        builder.Services.AddApiAuthorization(options.Api, builder.Environment);
        builder.AddLimits(options.Limits);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlocks>();
        builder.Services.AddOperations();
        builder.Services.AddHooks();
        builder.Services.AddScreenings();
        builder.Services.AddSessions();
        builder.Services.AddLaunch();
        builder.Services.AddApp();

        var application = builder.Build();
        _ = application.Services.GetRequiredService<IOptions<ServiceOptions>>().Value;
        _ = application.Services.GetRequiredService<BreakerGauge>();
        if (options.PathBase is { } path)
        {
            application.UsePathBase(path);
        }

        application.UseErrors();
        application.UseRouting();
        application.UseCors();
        application.UseRateLimiter();
        var limit = application.Services.GetRequiredService<ClientLimit>();
        application.Use(limit.GuardAsync);
        application.UseAuthentication();
        application.UseAuthorization();
        application.Use(limit.CountAsync);
        application.MapFrontDoor();
        application.MapHealth();
        application.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous().DisableRateLimiting();
        application.MapOpenApi().AllowAnonymous();
        application.MapOperations();
        application.MapHooks();
        application.MapScreenings();
        application.MapLaunch();
        application.MapApp();
        return application;
    }
}
