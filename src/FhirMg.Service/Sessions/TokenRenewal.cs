using System.Collections.Concurrent;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Sessions;

/// <summary>
/// Renews the tokens of sessions, each once: tabs of one instance wait for one renewal, and instances keep each other out by a mark in the
/// row, since a refresh token that is used twice is taken for stolen.
/// </summary>
internal sealed partial class TokenRenewal(
    IDbContextFactory<ServiceStore> stores, SessionProtection protection, TokenCalls calls, IServiceProvider services, TimeProvider time, ILogger<TokenRenewal> logger)
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<(string Handle, int Renewals), Lazy<Task<SessionTokens>>> _running = new();

    /// <summary>The tokens; renewed when they are about to end.</summary>
    public async Task<SessionTokens> CurrentAsync(AppSession session, CancellationToken cancellationToken)
    {
        var (tokens, renewals) = await ReadAsync(session, cancellationToken);
        var now = time.GetUtcNow();
        if (tokens.ExpiresAt is not { } end || now < (tokens.Refresh is null ? end : end - Early))
        {
            return tokens;
        }

        try
        {
            return await RunAsync(session, renewals, cancellationToken);
        }
        catch (FhirServerException) when (now < end)
        {
            // It was early: the one that there is serves for a moment yet.
            return tokens;
        }
    }

    /// <summary>The tokens, renewed where they are still those that were refused.</summary>
    public async Task<SessionTokens> RenewAsync(AppSession session, Predicate<SessionTokens> refused, CancellationToken cancellationToken)
    {
        var (tokens, renewals) = await ReadAsync(session, cancellationToken);
        return refused(tokens) ? await RunAsync(session, renewals, cancellationToken) : tokens;
    }

    private async Task<SessionTokens> RunAsync(AppSession session, int renewals, CancellationToken cancellationToken)
    {
        // Shared by all who wait for it, so no single caller's going away ends it.
        var key = (session.Handle, renewals);
        return await _running.GetOrAdd(key, _ => new(() => RenewAndForgetAsync(session, key))).Value.WaitAsync(cancellationToken);
    }

    private async Task<SessionTokens> RenewAndForgetAsync(AppSession session, (string Handle, int Renewals) key)
    {
        try
        {
            return await RenewAsync(session, key.Renewals);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private async Task<SessionTokens> RenewAsync(AppSession session, int seen)
    {
        while (true)
        {
            var (tokens, renewals) = await ReadAsync(session, CancellationToken.None);
            if (renewals != seen)
            {
                return tokens;
            }

            if (tokens.Refresh is null)
            {
                throw new ReauthorizationException();
            }

            if (await TakeAsync(session.Handle, seen))
            {
                return await RefreshAsync(session, tokens, tokens.Refresh, seen);
            }

            await Task.Delay(Look, time);
        }
    }

    private async Task<SessionTokens> RefreshAsync(AppSession session, SessionTokens tokens, string refresh, int seen)
    {
        var client = services.GetKeyedService<SmartClient>(session.Server) ?? throw new ReauthorizationException();
        try
        {
            var server = await client.DiscoverAsync(CancellationToken.None);
            var answer = await calls.RefreshAsync(client, server, refresh, CancellationToken.None);
            if (answer.Patient is { } patient && patient != session.Patient)
            {
                await StoreAsync(session.Handle, seen, tokens with { Refresh = null });
                throw new ReauthorizationException("the server renewed the token for another patient");
            }

            var renewed = new SessionTokens(answer.Access, answer.ExpiresAt, answer.Scopes ?? tokens.Scopes, answer.Refresh ?? refresh);
            await StoreAsync(session.Handle, seen, renewed);
            LogRenewed(logger, session.Server);
            return renewed;
        }
        catch (TokenException e) when (e.IsTransient)
        {
            await StoreAsync(session.Handle, seen, null);
            throw new FhirServerException(session.Server, ServerFault.Unavailable, e.Message, e);
        }
        catch (TokenException e)
        {
            LogRefused(logger, session.Server, e.Status, e.Error);
            client.Forget();
            await StoreAsync(session.Handle, seen, e.Error == "invalid_grant" ? tokens with { Refresh = null } : null);
            throw new ReauthorizationException("the server does not renew the token any more", e);
        }
    }

    private async Task<(SessionTokens Tokens, int Renewals)> ReadAsync(AppSession session, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var row = await store.Set<StoredSession>().AsNoTracking().Where(one => one.Handle == session.Handle)
            .Select(one => new { one.Tokens, one.Renewals }).FirstOrDefaultAsync(cancellationToken);
        return row is not null && protection.Unprotect<SessionTokens>(session.Handle, row.Tokens) is { } tokens
            ? (tokens, row.Renewals) : throw new ReauthorizationException("the session is over");
    }

    private async Task<bool> TakeAsync(string handle, int seen)
    {
        var now = time.GetUtcNow();
        var until = now + Lease;
        await using var store = await stores.CreateDbContextAsync();
        return await store.Set<StoredSession>().Where(one => one.Handle == handle && one.Renewals == seen && (one.RenewingUntil == null || one.RenewingUntil < now))
            .ExecuteUpdateAsync(one => one.SetProperty(session => session.RenewingUntil, until)) > 0;
    }

    // Null: the tokens stay as they are, and others may try.
    private async Task StoreAsync(string handle, int seen, SessionTokens? tokens)
    {
        var text = tokens is null ? null : protection.Protect(handle, tokens);
        await using var store = await stores.CreateDbContextAsync();
        var row = store.Set<StoredSession>().Where(one => one.Handle == handle && one.Renewals == seen);
        _ = text is null
            ? await row.ExecuteUpdateAsync(one => one.SetProperty(session => session.RenewingUntil, (DateTimeOffset?)null))
            : await row.ExecuteUpdateAsync(one => one.SetProperty(session => session.Tokens, text).SetProperty(session => session.Renewals, seen + 1)
                .SetProperty(session => session.RenewingUntil, (DateTimeOffset?)null));
    }

    [LoggerMessage(5110, LogLevel.Debug, "{Server}: the token of a session was renewed")]
    private static partial void LogRenewed(ILogger logger, string server);

    [LoggerMessage(5111, LogLevel.Information, "{Server}: the token of a session is not renewed ({Status}, {Error}); its user has to authorize again")]
    private static partial void LogRefused(ILogger logger, string server, int? status, string? error);
}
