using FhirMg.Service.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Store;

/// <summary>Brings the store to this build's form before anything listens. Instances that start together wait for each other.</summary>
internal sealed partial class StoreMigration(IDbContextFactory<ServiceStore> stores, IOptions<ServiceOptions> options, ILogger<StoreMigration> logger) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        try
        {
            PrepareFolder(store);
            var pending = (await store.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            if (pending.Count > 0)
            {
                await store.Database.MigrateAsync(cancellationToken);
                LogMigrated(logger, options.Value.Store.Provider, pending.Count);
            }
        }
        catch (Exception e) when (e is System.Data.Common.DbException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"FhirMg:Store: the {options.Value.Store.Provider} store cannot be opened ({e.Message}): check FhirMg:Store:ConnectionString, and that this process may write there", e);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void PrepareFolder(ServiceStore store)
    {
        if (store.Database.IsSqlite() && store.Database.GetConnectionString() is { } text
            && new SqliteConnectionStringBuilder(text) is { Mode: not SqliteOpenMode.Memory, DataSource: { Length: > 0 } file }
            && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }
    }

    [LoggerMessage(1000, LogLevel.Information, "The {Provider} store was brought up to date by {Count} migrations")]
    private static partial void LogMigrated(ILogger logger, string provider, int count);
}
