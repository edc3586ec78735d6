using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FhirMg.Service.Health;

/// <summary>
/// Whether the FHIR servers answer. One that does not makes this degraded, all of them unhealthy: with several hospitals,
/// the failure of one must not take the service away from the others.
/// </summary>
internal sealed class ServersCheck(ServerStates states) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var all = await states.GetAsync(cancellationToken);
        var data = all.ToDictionary(state => state.Key, state => (object)(state.Value ? "answers" : "does not answer"), StringComparer.Ordinal);
        return all.Values.All(answers => answers) ? HealthCheckResult.Healthy(data: data)
            : all.Values.Any(answers => answers) ? HealthCheckResult.Degraded(data: data)
            : HealthCheckResult.Unhealthy(data: data);
    }
}
