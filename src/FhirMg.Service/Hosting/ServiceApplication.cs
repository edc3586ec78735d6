using FhirMg.Service.Configuration;
using FhirMg.Service.Evaluating;
using FhirMg.Service.Operations;
using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
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
        var section = builder.Configuration.GetSection(ServiceOptions.Section);
        var options = section.Get<ServiceOptions>() ?? new();
        builder.Services.AddSingleton<IValidateOptions<ServiceOptions>, ServiceOptionsValidation>();
        builder.Services.AddOptions<ServiceOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddTenants(options).AddStore(options.Store);
        builder.Services.AddOperations();

        var application = builder.Build();
        if (options.PathBase is { } path)
        {
            application.UsePathBase(path);
        }

        application.MapOperations();
        return application;
    }
}
