using FhirMg.Service.Configuration;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Store;

/// <summary>Registers the store.</summary>
internal static class StoreRegistration
{
    private const string DefaultFile = "data/fhirmg.db";

    /// <summary>Adds a factory of <see cref="ServiceStore"/>, by the provider that is configured.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services, StoreOptions options) =>
        services.AddPooledDbContextFactory<ServiceStore>(store =>
        {
            if (options.Provider == "postgres")
            {
                store.UseNpgsql(options.ConnectionString);
            }
            else
            {
                store.UseSqlite(options.ConnectionString ?? $"Data Source={DefaultFile}");
            }
        });
}
