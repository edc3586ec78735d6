using System.Diagnostics.Metrics;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Observability;

/// <summary>Shows which FHIR servers are left alone for a moment because they failed too often.</summary>
internal sealed class BreakerGauge
{
    /// <summary>Creates the gauge <c>fhirmg.server.breaker</c>: 1 open, 0 closed.</summary>
    public BreakerGauge(Telemetry telemetry, TenantRegistry tenants) => telemetry.Meter.CreateObservableGauge(
        "fhirmg.server.breaker",
        () => tenants.All.Select(tenant => new Measurement<int>(tenant.Server.IsLeftAlone ? 1 : 0, new KeyValuePair<string, object?>("server", tenant.Name))),
        description: "Whether the circuit breaker of a FHIR server is open (1) or closed (0).");
}
