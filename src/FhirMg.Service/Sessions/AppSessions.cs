using FhirMg.Fhir.Tokens;
using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Sessions;

/// <summary>The sessions of launched apps, kept in the store: any instance can go on with one.</summary>
internal sealed partial class AppSessions(
    IDbContextFactory<ServiceStore> stores, SessionProtection protection, BrowserCookie cookie, TokenRenewal renewal, TokenReturn ended, TenantRegistry tenants,
    TimeProvider time, ILogger<AppSessions> logger)
{
    /// <summary>The longest draft, in characters.</summary>
    public const int LongestDraft = 64 * 1024;

    /// <summary>How long a session lasts at most: a working day.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(10);

    /// <summary>The session of a handle, when it is this browser's.</summary>
    /// <returns>Null: there is none, it is over, or it is another browser's.</returns>
    public async Task<AppSession?> FindAsync(HttpContext context, string handle, CancellationToken cancellationToken) =>
        await FindRowAsync(context, handle, cancellationToken) is { } row && ContextOf(row) is { } launched
            ? Session(row, launched, protection.Unprotect<SessionPage>(row.Handle, row.Page)) : null;

    /// <summary>The session's token, renewed shortly before it ends.</summary>
    /// <exception cref="ReauthorizationException">It is over and cannot be renewed: the person has to authorize again.</exception>
    /// <exception cref="Fhir.Servers.FhirServerException">It is over, and the server cannot be asked for a new one just now.</exception>
    public async Task<CallerToken> TokenAsync(AppSession session, CancellationToken cancellationToken) =>
        Token(await renewal.CurrentAsync(session, cancellationToken));

    /// <summary>Another token than the one that the server refused with 401: a session's tokens are renewed once, whoever asks, and wherever.</summary>
    /// <exception cref="ReauthorizationException">It cannot be renewed: the person has to authorize again.</exception>
    /// <exception cref="Fhir.Servers.FhirServerException">The server cannot be asked for a new one just now.</exception>
    public async Task<CallerToken> RenewAsync(AppSession session, CallerToken refused, CancellationToken cancellationToken) =>
        Token(await renewal.RenewAsync(session, tokens => refused.Is(Token(tokens)), cancellationToken));

    /// <summary>Keeps the language and the draft of the page.</summary>
    /// <exception cref="ArgumentException">The draft is longer than <see cref="LongestDraft"/>.</exception>
    public async Task SaveAsync(AppSession session, string? language, string? draft, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(draft?.Length ?? 0, LongestDraft, nameof(draft));
        var page = protection.Protect(session.Handle, new SessionPage(language, draft));
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await store.Set<StoredSession>().Where(row => row.Handle == session.Handle).ExecuteUpdateAsync(row => row.SetProperty(one => one.Page, page), cancellationToken);
    }

    /// <summary>Signs out: the session and its cookie are gone, and the refresh token is given back where the server takes it.</summary>
    public async Task EndAsync(HttpContext context, AppSession session, CancellationToken cancellationToken)
    {
        cookie.Delete(context, LaunchPaths.App(session.Handle));
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var row = await store.Set<StoredSession>().AsNoTracking().FirstOrDefaultAsync(one => one.Handle == session.Handle, cancellationToken);
        await store.Set<StoredSession>().Where(one => one.Handle == session.Handle).ExecuteDeleteAsync(cancellationToken);
        LogEnded(logger, session.Server, await ended.GiveBackAsync(row, cancellationToken));
    }

    /// <summary>Begins a session, and gives the browser a new cookie for it: one that it had before is never taken over.</summary>
    public async Task<AppSession> BeginAsync(HttpContext context, string server, SessionContext launched, SessionTokens tokens, CancellationToken cancellationToken)
    {
        var (handle, value) = (Opaque.New(), Opaque.New());
        var row = new StoredSession
        {
            Handle = handle,
            Cookie = Opaque.Digest(value),
            Server = server,
            Patient = launched.Patient is { } patient ? PatientDigest.Text(PatientDigest.Of(server, $"Patient/{patient}")) : null,
            ExpiresAt = time.GetUtcNow() + Lifetime,
            Context = protection.Protect(handle, launched),
            Tokens = protection.Protect(handle, tokens),
        };
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        store.Add(row);
        await store.SaveChangesAsync(cancellationToken);
        cookie.Write(context, LaunchPaths.App(handle), value, Lifetime);
        return Session(row, launched, null);
    }

    /// <summary>Goes on with a session by new tokens and a new cookie; its draft stays.</summary>
    /// <param name="context">The request of the browser that asked for it.</param>
    /// <param name="handle">The session, which was this browser's when the new authorization began.</param>
    /// <param name="server">Name of the server.</param>
    /// <param name="launched">What the new authorization is about.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False: there is no such session any more, or the authorization was about another patient, or by another person, which ends the session.</returns>
    public async Task<bool> ContinueAsync(HttpContext context, string handle, string server, SessionContext launched, SessionTokens tokens, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var row = await store.Set<StoredSession>().AsNoTracking().FirstOrDefaultAsync(one => one.Handle == handle && one.Server == server && one.ExpiresAt > now, cancellationToken);
        if (row is null || ContextOf(row) is not { } before)
        {
            return false;
        }

        if (!before.IsBySamePerson(launched))
        {
            // Somebody else sits at this browser now: what the one before had typed is not theirs to see.
            await store.Set<StoredSession>().Where(one => one.Handle == handle).ExecuteDeleteAsync(cancellationToken);
            cookie.Delete(context, LaunchPaths.App(handle));
            await ended.GiveBackAsync(row, cancellationToken);
            return false;
        }

        if (!before.IsOfSamePatient(launched))
        {
            return false;
        }

        var (text, value) = (protection.Protect(handle, tokens), Opaque.New());
        var digest = Opaque.Digest(value);
        var goesOn = await store.Set<StoredSession>().Where(one => one.Handle == handle).ExecuteUpdateAsync(
            one => one.SetProperty(session => session.Tokens, text).SetProperty(session => session.Renewals, session => session.Renewals + 1)
                .SetProperty(session => session.RenewingUntil, (DateTimeOffset?)null).SetProperty(session => session.Cookie, digest), cancellationToken) > 0;
        if (goesOn)
        {
            cookie.Write(context, LaunchPaths.App(handle), value, row.ExpiresAt - now);
        }

        return goesOn;
    }

    /// <summary>What the session was launched about, when it is this browser's; null when it is not, or over.</summary>
    public async Task<(string Server, SessionContext Context)?> LaunchedAsync(HttpContext context, string handle, CancellationToken cancellationToken) =>
        await FindRowAsync(context, handle, cancellationToken) is { Server: { } server } row && ContextOf(row) is { } launched ? (server, launched) : null;

    private async Task<StoredSession?> FindRowAsync(HttpContext context, string handle, CancellationToken cancellationToken)
    {
        var values = cookie.Read(context).ToList();
        if (handle.Length != Opaque.DigestLength || values.Count == 0)
        {
            return null;
        }

        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var row = await store.Set<StoredSession>().AsNoTracking().FirstOrDefaultAsync(one => one.Handle == handle, cancellationToken);
        return row is not null && Opaque.Fits(values, row.Cookie) && row.ExpiresAt > time.GetUtcNow() && tenants.Find(row.Server ?? "") is not null ? row : null;
    }

    private SessionContext? ContextOf(StoredSession row) => protection.Unprotect<SessionContext>(row.Handle, row.Context);

    private static CallerToken Token(SessionTokens tokens) => new(tokens.Access, new(tokens.Scopes));

    private static AppSession Session(StoredSession row, SessionContext launched, SessionPage? page) => new()
    {
        Handle = row.Handle,
        Server = row.Server!,
        Patient = launched.Patient,
        Encounter = launched.Encounter,
        User = launched.User,
        NeedsPatientBanner = launched.NeedsPatientBanner,
        Intent = launched.Intent,
        StyleUrl = launched.StyleUrl,
        Language = page?.Language,
        ExpiresAt = row.ExpiresAt,
        Draft = page?.Draft,
    };

    [LoggerMessage(5100, LogLevel.Information, "{Server}: a session was ended by its user; refresh token given back: {Revoked}")]
    private static partial void LogEnded(ILogger logger, string server, bool revoked);
}
