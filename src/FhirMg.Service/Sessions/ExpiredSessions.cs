using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Sessions;

/// <summary>Erases sessions when they have expired, and gives their refresh tokens back: nobody signs out of a browser that was closed.</summary>
internal sealed partial class ExpiredSessions(
    IDbContextFactory<ServiceStore> stores, TokenReturn tokens, TimeProvider time, ILogger<ExpiredSessions> logger) : BackgroundService
{
    private const int Batch = 100;
    private const int AtOnce = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    /// <summary>Erases those that have expired by now.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (erased, given) = (0, 0);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        while (await store.Set<StoredSession>().AsNoTracking().Where(row => row.ExpiresAt < now).OrderBy(row => row.ExpiresAt).Take(Batch).ToListAsync(cancellationToken) is { Count: > 0 } rows)
        {
            await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (row, cancellation) =>
            {
                // Of several instances, the one that erases a session gives its token back.
                if (await EraseAsync(row.Handle, cancellation))
                {
                    Interlocked.Increment(ref erased);
                    Interlocked.Add(ref given, await tokens.GiveBackAsync(row, cancellation) ? 1 : 0);
                }
            });
        }

        if (erased > 0)
        {
            LogErased(logger, erased, given);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = First; ; wait = Interval)
        {
            await Task.Delay(wait, time, stoppingToken);
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (StoreFaults.IsOfStoreWork(e) && !stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, e.GetType().Name);
            }
        }
    }

    private async Task<bool> EraseAsync(string handle, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Set<StoredSession>().Where(row => row.Handle == handle).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    [LoggerMessage(5120, LogLevel.Information, "{Count} expired sessions were erased; refresh tokens given back: {Given}")]
    private static partial void LogErased(ILogger logger, int count, int given);

    [LoggerMessage(5121, LogLevel.Warning, "Expired sessions could not be erased ({Fault}); they are tried again in some minutes")]
    private static partial void LogFailed(ILogger logger, string fault);
}
