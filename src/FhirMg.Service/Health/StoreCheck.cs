using FhirMg.Service.Access;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FhirMg.Service.Health;

/// <summary>Whether the store can be reached, and takes the access log.</summary>
internal sealed class StoreCheck(IDbContextFactory<ServiceStore> stores, AccessLog log) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return !await store.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Unhealthy()
            : log.IsFailing ? HealthCheckResult.Degraded()
            : HealthCheckResult.Healthy();
    }
}
