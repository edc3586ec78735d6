using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hooks.Callers;

/// <summary>The key sets that instances fetched, shared by the store: what one could fetch, all know. Without the store each has its own.</summary>
internal sealed partial class SharedKeySets(IDbContextFactory<ServiceStore> stores, TimeProvider clock, ILogger<SharedKeySets> logger)
{
    // A key that a client has withdrawn must not be good for ever because the client is out of reach.
    private static readonly TimeSpan Lasting = TimeSpan.FromDays(1);

    /// <summary>Keeps a set that was just fetched.</summary>
    public async Task KeepAsync(Uri source, string json, CancellationToken cancellationToken)
    {
        try
        {
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            var (id, now) = (IdOf(source), clock.GetUtcNow());
            var known = await store.Set<KnownKeySet>().FindAsync([id], cancellationToken);
            if (known is null)
            {
                store.Add(new KnownKeySet { Id = id, Json = json, FetchedAt = now, ExpiresAt = now + Lasting });
            }
            else
            {
                (known.Json, known.FetchedAt, known.ExpiresAt) = (json, now, now + Lasting);
            }

            await store.SaveChangesAsync(cancellationToken);
        }
        catch (Exception e) when (e is DbUpdateException or DbException or InvalidOperationException)
        {
            // Another instance has just kept the same, or the store is away: this one has its keys all the same.
            LogFailed(logger, e.GetType().Name);
        }
    }

    /// <summary>The set that an instance fetched last within a day; null when there is none.</summary>
    public async Task<(string Json, DateTimeOffset FetchedAt)?> FindAsync(Uri source, CancellationToken cancellationToken)
    {
        try
        {
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            var (id, now) = (IdOf(source), clock.GetUtcNow());
            var known = await store.Set<KnownKeySet>().AsNoTracking().FirstOrDefaultAsync(set => set.Id == id && set.ExpiresAt > now, cancellationToken);
            return known is null ? null : (known.Json, known.FetchedAt);
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            LogFailed(logger, e.GetType().Name);
            return null;
        }
    }

    private static string IdOf(Uri source) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.AbsoluteUri)));

    [LoggerMessage(1120, LogLevel.Warning, "Key sets of CDS clients could not be shared by the store ({Fault})")]
    private static partial void LogFailed(ILogger logger, string fault);
}
