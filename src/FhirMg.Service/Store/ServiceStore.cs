using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Store;

/// <summary>State that no FHIR server holds. Each slice brings the configuration of its own rows.</summary>
internal sealed class ServiceStore(DbContextOptions<ServiceStore> options) : DbContext(options)
{
    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyConfigurationsFromAssembly(typeof(ServiceStore).Assembly);
}
