using FhirMg.Service.Configuration;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Store;

/// <summary>Registers the store.</summary>
internal static class StoreRegistration
{
    private const string DefaultFile = "data/fhirmg.db";

    /// <summary>Adds a factory of <see cref="ServiceStore"/> by the provider that is configured, and whoever keeps it up.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services, StoreOptions options)
    {
        if (options.Provider == "postgres")
        {
            services.AddPooledDbContextFactory<PostgresStore>(store => store.UseNpgsql(options.ConnectionString));
            services.AddSingleton<IDbContextFactory<ServiceStore>, StoreFactory<PostgresStore>>();
        }
        else
        {
            services.AddPooledDbContextFactory<SqliteStore>(store => store
                .UseSqlite(options.ConnectionString ?? $"Data Source={DefaultFile}").AddInterceptors(new SqliteDurability()));
            services.AddSingleton<IDbContextFactory<ServiceStore>, StoreFactory<SqliteStore>>();
        }

        return services
            .AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContext())
            .AddHostedService<StoreMigration>()
            .AddSingleton<Erasure>()
            .AddHostedService<Retention>();
    }

    // Each provider has a context of its own for its migrations; whoever uses the store does not care.
    private sealed class StoreFactory<T>(IDbContextFactory<T> stores) : IDbContextFactory<ServiceStore>
        where T : ServiceStore
    {
        public ServiceStore CreateDbContext() => stores.CreateDbContext();
    }
}
