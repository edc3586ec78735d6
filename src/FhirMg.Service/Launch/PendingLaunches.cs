using FhirMg.Service.Sessions;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Launch;

/// <summary>Launches between leaving for the authorization server and coming back: any instance can finish them, once, in the browser that began them.</summary>
internal sealed class PendingLaunches(IDbContextFactory<ServiceStore> stores, SessionProtection protection, BrowserCookie cookie, TimeProvider time)
{
    /// <summary>How long a person may take to sign in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int SuffixLength = 12;

    /// <summary>Keeps a launch, and gives the browser its cookie.</summary>
    /// <returns>The <c>state</c>.</returns>
    public async Task<string> KeepAsync(HttpContext context, Func<string, PendingLaunch> create, CancellationToken cancellationToken)
    {
        var (state, value) = (Opaque.New(), Opaque.New());
        var digest = Opaque.Digest(state);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        store.Add(new StoredLaunch
        {
            State = digest,
            ExpiresAt = time.GetUtcNow() + Lifetime,
            Content = protection.Protect(digest, create(Opaque.Digest(value))),
        });
        await store.SaveChangesAsync(cancellationToken);
        cookie.Write(context, LaunchPaths.Callback, value, Lifetime, Suffix(digest));
        return state;
    }

    /// <summary>Takes a launch back: it is gone then, whatever comes of it.</summary>
    /// <returns>Null: there is none of that state any more, or another browser began it.</returns>
    public async Task<PendingLaunch?> TakeAsync(HttpContext context, string state, CancellationToken cancellationToken)
    {
        var digest = Opaque.Digest(state);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var row = await store.Set<StoredLaunch>().AsNoTracking().FirstOrDefaultAsync(launch => launch.State == digest, cancellationToken);
        if (row is null || protection.Unprotect<PendingLaunch>(digest, row.Content) is not { } launch || !Opaque.Fits(cookie.Read(context, Suffix(digest)), launch.Cookie))
        {
            // Somebody else's browser does not end the launch of the one that began it.
            return null;
        }

        cookie.Delete(context, LaunchPaths.Callback, Suffix(digest));
        var isFirst = await store.Set<StoredLaunch>().Where(one => one.State == digest).ExecuteDeleteAsync(cancellationToken) > 0;
        return isFirst && row.ExpiresAt > time.GetUtcNow() ? launch : null;
    }

    // Several launches may be under way in one browser.
    private static string Suffix(string digest) => $"-{digest[..SuffixLength]}";
}
