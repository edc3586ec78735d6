using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FhirMg.Service.Store;

/// <summary>
/// Lets SQLite wait for the disk at checkpoints only. With a write-ahead log the store stays whole, and what was committed outlives this process;
/// only a failure of the machine itself may take the last moments back. Who finds another writing waits for them, and not longer than need be.
/// </summary>
internal sealed class SqliteDurability : DbConnectionInterceptor
{
    // The provider itself looks for the lock again after 150 ms; SQLite's own waiting begins at one.
    private const string Pragma = "PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000";

    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragma;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragma;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
