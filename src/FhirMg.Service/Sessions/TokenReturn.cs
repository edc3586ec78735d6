using FhirMg.Fhir.Tokens;

namespace FhirMg.Service.Sessions;

/// <summary>Gives the refresh tokens of sessions that have ended back (RFC 7009), where the server takes them. A server that does not answer is not waited for.</summary>
internal sealed class TokenReturn(SessionProtection protection, IServiceProvider services, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Gives back what a session had.</summary>
    /// <param name="ended">The session's row as it was; null when there was none any more.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Whether the server took it.</returns>
    public async Task<bool> GiveBackAsync(StoredSession? ended, CancellationToken cancellationToken)
    {
        if (ended is null || protection.Unprotect<SessionTokens>(ended.Handle, ended.Tokens)?.Refresh is not { } token || services.GetKeyedService<SmartClient>(ended.Server) is not { } client)
        {
            return false;
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var server = await client.DiscoverAsync(either.Token);
            return await TokenCalls.RevokeAsync(client, server, token, either.Token);
        }
        catch (Exception e) when (e is TokenException or HttpRequestException or OperationCanceledException)
        {
            // The token ends by itself one day; the session is over anyway.
            return false;
        }
    }
}
