using FhirMg.Service.Configuration;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FhirMg.Service.Observability;

/// <summary>Metrics for Prometheus at <c>/metrics</c>; metrics and traces by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to.</summary>
internal static class TelemetryRegistration
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // A request takes its token from the bucket and holds nothing.
    private const string Leases = "aspnetcore.rate_limiting.*lease*";
    private static readonly string[] Meters = [Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "Polly"];

    /// <summary>Adds telemetry. Spans of calls to FHIR servers carry no url: urls of FHIR name patients.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.Services.AddSingleton<Telemetry>().AddSingleton<BreakerGauge>();
        foreach (var server in options.Servers.Select(server => server.Name).OfType<string>())
        {
            builder.Services.AddHttpClient(server).AddHttpMessageHandler(provider => new ServerCallMeter(provider.GetRequiredService<Telemetry>(), server));
        }

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("fhirmg-service", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString()))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddView(Leases, MetricStreamConfiguration.Drop).AddRuntimeInstrumentation().AddPrometheusExporter());
        if (string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]))
        {
            return;
        }

        telemetry.UseOtlpExporter().WithTracing(tracing => tracing
            .AddSource(Telemetry.Name)
            .AddAspNetCoreInstrumentation(requests =>
            {
                requests.RecordException = false;
                requests.EnrichWithHttpRequest = (activity, request) => PlainUrl.Strip(activity);
            })
            .AddHttpClientInstrumentation(calls => calls.EnrichWithHttpRequestMessage = (activity, request) => PlainUrl.Strip(activity)));
    }
}
