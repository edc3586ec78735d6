using FhirMg.Fhir.Servers;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tokens;

/// <summary>The way to a token: find the endpoint, then try keys from the newest on, and scopes v2 before v1.</summary>
internal sealed class TokenRequests
{
    private readonly FhirServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Discovery _discovery;
    private readonly TokenEndpoint _endpoint;
    private readonly KeyFile? _file;
    private readonly IReadOnlyList<string> _wanted;
    private bool _takesV2 = true;

    public TokenRequests(FhirServerOptions options, AuthorizationCalls calls, IEnumerable<string> wanted, TimeProvider time, ILogger logger)
    {
        var clientId = options.ClientId is { Length: > 0 } id ? id : throw Missing("ClientId");
        if (options.PrivateKeyPath is null && string.IsNullOrEmpty(options.ClientSecret))
        {
            throw Missing("PrivateKeyPath or ClientSecret");
        }

        (_options, _time, _logger, _wanted) = (options, time, logger, [.. wanted]);
        _discovery = new(options, calls, logger);
        _endpoint = new(options, clientId, calls, time);
        _file = options.PrivateKeyPath is { } path ? new(options, path, logger) : null;
    }

    /// <summary>Gets a new token.</summary>
    /// <exception cref="TokenException">None was given.</exception>
    public async Task<AccessToken> RequestAsync(CancellationToken cancellationToken)
    {
        var server = await _discovery.FindAsync(cancellationToken).ConfigureAwait(false);
        var keys = await KeysAsync(server, cancellationToken).ConfigureAwait(false);
        try
        {
            return await TryAsync(server, keys, ScopesToTry(server), cancellationToken).ConfigureAwait(false);
        }
        catch (TokenException)
        {
            // The server may have changed since: what was learnt of it is asked anew.
            _discovery.Forget();
            _takesV2 = true;
            throw;
        }
    }

    private async Task<AccessToken> TryAsync(
        AuthorizationServer server, IReadOnlyList<SigningKey?> keys, List<IReadOnlyCollection<string>> scopes, CancellationToken cancellationToken)
    {
        for (int key = 0, version = 0; ;)
        {
            var isLastVersion = version == scopes.Count - 1;
            try
            {
                var token = await _endpoint.RequestAsync(server, scopes[version], keys[key], cancellationToken).ConfigureAwait(false);
                Note(keys[key]);

                // A server may pass over scopes that it does not know instead of refusing them.
                if (isLastVersion || !token.Granted.IsEmpty)
                {
                    _takesV2 &= version == 0;
                    _logger.Obtained(_options.Name, server.TokenEndpoint.Host, token.Scopes.Count, token.ExpiresAt - _time.GetUtcNow());
                    return token;
                }
            }
            catch (TokenException e) when (key < keys.Count - 1 && (e.Error == "invalid_client" || e.Status == 401))
            {
                _logger.TryingOlderKey(_options.Name, server.TokenEndpoint.Host, keys[key]!.Kid);
                key++;
                continue;
            }
            catch (TokenException e) when (!isLastVersion && e.Error == "invalid_scope")
            {
                Note(keys[key]);
            }

            _logger.AskingV1(_options.Name, server.TokenEndpoint.Host);
            version++;
        }
    }

    private void Note(SigningKey? accepted)
    {
        if (accepted is not null)
        {
            _file?.Accepted(accepted);
        }
    }

    private async Task<IReadOnlyList<SigningKey?>> KeysAsync(AuthorizationServer server, CancellationToken cancellationToken) => _file is null
        ? [null]
        : [.. (await _file.ReadAsync(cancellationToken).ConfigureAwait(false)).OrderByDescending(key => server.Algorithms.Contains(key.Algorithm))];

    private List<IReadOnlyCollection<string>> ScopesToTry(AuthorizationServer server)
    {
        if (_options.Scopes is { } configured)
        {
            return [configured.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        }

        var v1 = _wanted.SelectMany(SmartScope.V1).Distinct(StringComparer.Ordinal).ToList();
        return server.KnowsOnlyV1 || !_takesV2 ? [v1] : [_wanted, v1];
    }

    private static TokenException Missing(string key) =>
        new($"Auth is backend-services, which needs {key}: configure it for this server");
}
