using System.Security.Cryptography;
using System.Text;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hooks.Callers;

/// <summary>The key sets that instances fetched, shared by the store: what one could fetch, all know. Without the store each has its own.</summary>
internal sealed partial class SharedKeySets(IDbContextFactory<ServiceStore> stores, TimeProvider clock, ILogger<SharedKeySets> logger)
{
    /// <summary>How long a set counts: a key that a client has withdrawn must not be good for ever because the client is out of reach.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromDays(1);

    // A caller waits for its answer meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Keeps a set that was just fetched. Where the store takes its time, nobody waits for it for long.</summary>
    public Task KeepAsync(Uri source, string json, CancellationToken cancellationToken) => TryAsync<KnownKeySet>(async (store, cancellation) =>
    {
        var (id, now) = (IdOf(source), clock.GetUtcNow());
        var known = await store.Set<KnownKeySet>().FindAsync([id], cancellation);
        if (known is null)
        {
            store.Add(new KnownKeySet { Id = id, Json = json, FetchedAt = now, ExpiresAt = now + Lasting });
        }
        else
        {
            (known.Json, known.FetchedAt, known.ExpiresAt) = (json, now, now + Lasting);
        }

        await store.SaveChangesAsync(cancellation);
        return known;
    }, cancellationToken);

    /// <summary>The set that an instance fetched last within a day; null when there is none, or the store does not say in time.</summary>
    public Task<KnownKeySet?> FindAsync(Uri source, CancellationToken cancellationToken) => TryAsync((store, cancellation) =>
    {
        var (id, now) = (IdOf(source), clock.GetUtcNow());
        return store.Set<KnownKeySet>().AsNoTracking().FirstOrDefaultAsync(set => set.Id == id && set.ExpiresAt > now, cancellation);
    }, cancellationToken);

    private async Task<T?> TryAsync<T>(Func<ServiceStore, CancellationToken, Task<T?>> work, CancellationToken cancellationToken)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            // A store that hangs may not heed that nobody waits for it any more, and SQLite keeps its thread while it waits.
            return await Task.Run(() => AtStoreAsync(work, either.Token), either.Token).WaitAsync(either.Token);
        }
        catch (Exception e) when (StoreFaults.IsOfStoreWork(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Another instance has just kept the same, or the store is away: this one has its keys all the same.
            LogFailed(logger, e is OperationCanceledException ? nameof(TimeoutException) : e.GetType().Name);
            return null;
        }
    }

    private async Task<T?> AtStoreAsync<T>(Func<ServiceStore, CancellationToken, Task<T?>> work, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await work(store, cancellationToken);
    }

    private static string IdOf(Uri source) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.AbsoluteUri)));

    [LoggerMessage(1120, LogLevel.Warning, "Key sets of CDS clients could not be shared by the store ({Fault})")]
    private static partial void LogFailed(ILogger logger, string fault);
}
