using System.Net;
using FhirMg.Sandbox.Authorization;
using FhirMg.Sandbox.Ehr;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Loading;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox;

/// <summary>Puts the sandbox together.</summary>
internal static class SandboxHost
{
    private static readonly string[] Exposed = ["ETag", "Location", "Last-Modified", "Retry-After", "WWW-Authenticate"];

    public static WebApplication Build(SandboxOptions options, ServerAddress address)
    {
        // The slim builder reads no configuration of the program it runs in, and none of its environment matters here.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(SandboxHost).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = FhirRequest.LargestBody;
            kestrel.Listen(IPAddress.Loopback, options.Port);
            if (options.AuthorizationPort is { } port)
            {
                kestrel.Listen(IPAddress.Loopback, port);
            }
        });
        builder.Services.AddSingleton(options).AddSingleton(address).AddSingleton(options.Time)
            .AddSingleton<FhirStore>().AddSingleton<ResultPages>().AddSingleton<SampleLoader>().AddSingleton(new FaultState(options.Faults)).AddSingleton<People>().AddSingleton<Connections>().AddSingleton<CdsSigner>().AddSingleton<HookTokens>().AddSingleton<CdsClient>()
            .AddAuthorizationServer(options)
            .AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(Exposed)));

        builder.Services.AddRazorComponents();

        var app = builder.Build();
        if (options.AuthorizationPort is not null)
        {
            app.Use(KeepApart);
        }

        app.UseRouting();
        app.UseCors();
        app.UseWhen(context => context.Request.Path.StartsWithSegments(FhirEndpoints.Path, StringComparison.Ordinal), fhir => fhir.UseMiddleware<FhirFailures>().UseMiddleware<FaultMiddleware>());
        app.UseAuthentication();
        app.MapFhir();
        app.MapDiscovery();
        app.MapMethods("/auth/authorize", [HttpMethods.Get, HttpMethods.Post], AuthorizeEndpoint.AuthorizeAsync).DisableAntiforgery();
        app.MapPost("/auth/token", TokenEndpoint.ExchangeAsync).DisableAntiforgery();
        app.MapFaults();
        app.MapEhr();
        return app;
    }

    // Two origins: whoever takes the one for the other finds nothing there.
    private static Task KeepApart(HttpContext context, RequestDelegate next)
    {
        var isHere = context.Connection.LocalPort == new Uri(context.RequestServices.GetRequiredService<ServerAddress>().Issuer).Port;
        var belongsHere = context.Request.Path.StartsWithSegments("/auth", StringComparison.Ordinal);
        if (isHere == belongsHere || context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
