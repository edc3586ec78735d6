using FhirMg.Fhir.Servers;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tokens;

/// <summary>
/// Access tokens of our own for one configured server (SMART Backend Services): kept until shortly before they end, and asked for once
/// however many want one.
/// </summary>
/// <param name="options">The server; its client id and its key or secret are needed.</param>
/// <param name="authHttp">Sends discovery and token requests; must not follow redirects, and needs no retries, time-out or headers of its own.</param>
/// <param name="wantedScopes">The scopes (v2) to ask for where <see cref="FhirServerOptions.Scopes"/> names none.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of scopes and lifetimes, never of anything secret.</param>
public sealed class BackendServicesTokens(
    FhirServerOptions options, HttpClient authHttp, IEnumerable<string> wantedScopes, TimeProvider time, ILogger<BackendServicesTokens> logger)
{
    private static readonly TimeSpan LongestSkew = TimeSpan.FromSeconds(30);
    private readonly AuthorizationCalls _calls = new(options, authHttp, time, logger);
    private readonly List<string> _wanted = [.. wantedScopes];
    private readonly Lock _lock = new();
    private TokenRequests? _requests;
    private Kept? _kept;
    private Task<AccessToken>? _refresh;

    /// <summary>The token to use now.</summary>
    /// <param name="cancellationToken">Ends this caller's wait; a refresh that others wait for goes on, until the server's deadline.</param>
    /// <exception cref="TokenException">None could be had.</exception>
    public ValueTask<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_kept is { } kept && time.GetUtcNow() < kept.RefreshAt)
            {
                return ValueTask.FromResult(kept.Token);
            }

            _refresh ??= Task.Run(RefreshAsync, CancellationToken.None);
            return new(_refresh.WaitAsync(cancellationToken));
        }
    }

    /// <summary>Stops using a token that the server no longer takes; one that was already replaced is not touched.</summary>
    public void Invalidate(AccessToken token)
    {
        lock (_lock)
        {
            if (_kept?.Token.Value == token.Value)
            {
                _kept = null;
            }
        }
    }

    private async Task<AccessToken> RefreshAsync()
    {
        Kept? kept = null;
        try
        {
            var asked = time.GetUtcNow();
            var token = await RequestAsync().ConfigureAwait(false);
            var lifetime = token.ExpiresAt - asked;
            var skew = lifetime / 10 < LongestSkew ? lifetime / 10 : LongestSkew;
            kept = new(token, token.ExpiresAt - skew);
            return token;
        }
        catch (TokenException e)
        {
            logger.Failed(options.Name, e.Status, e.Error);
            if (StillGood() is { } token)
            {
                return token;
            }

            throw;
        }
        finally
        {
            lock (_lock)
            {
                _refresh = null;
                _kept = kept ?? _kept;
            }
        }
    }

    // Refreshing begins early so that a fault of the authorization server need not be one of ours.
    private AccessToken? StillGood()
    {
        lock (_lock)
        {
            return _kept is { } kept && time.GetUtcNow() < kept.Token.ExpiresAt ? kept.Token : null;
        }
    }

    private async Task<AccessToken> RequestAsync()
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        _calls.Begin();
        try
        {
            _requests ??= new(options, _calls, _wanted, time, logger);
            return await _requests.RequestAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
        {
            throw TokenFault.Late(options, _calls.LastFault, e);
        }
    }

    private sealed record Kept(AccessToken Token, DateTimeOffset RefreshAt);
}
