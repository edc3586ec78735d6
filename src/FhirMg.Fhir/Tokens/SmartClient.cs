using FhirMg.Fhir.Servers;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Fhir.Tokens;

/// <summary>
/// What SMART App Launch needs of one configured server beside the requests themselves: where its authorization server is, and how our
/// client proves who it is there.
/// </summary>
/// <param name="options">The server; its client id, and its key or secret unless the client is public.</param>
/// <param name="authHttp">Sends discovery and token requests; must not follow redirects, and needs no retries, time-out or headers of its own.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of hosts and keys, never of anything secret.</param>
public sealed class SmartClient(FhirServerOptions options, HttpClient authHttp, TimeProvider time, ILogger<SmartClient> logger) : IDisposable
{
    private readonly Discovery _discovery = new(options, new(options, authHttp, time, logger), logger);
    private readonly KeyFile? _keys = options.PrivateKeyPath is { } path ? new(options, path, logger) : null;
    private readonly SemaphoreSlim _reading = new(1, 1);

    /// <summary>How the server is configured.</summary>
    public FhirServerOptions Options => options;

    /// <summary>Whether the client signs assertions (<c>private_key_jwt</c>).</summary>
    public bool IsAsymmetric => _keys is not null;

    /// <summary>Sends requests to the authorization server: without redirects, and logged nowhere.</summary>
    public HttpClient Http => authHttp;

    /// <summary>The server's authorization server: from its SMART configuration, else from its CapabilityStatement; asked once.</summary>
    /// <exception cref="TokenException">Neither place names one that can be used.</exception>
    public async Task<AuthorizationServer> DiscoverAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Deadline);
        try
        {
            return await _discovery.FindAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TokenException($"{options.Name} did not say within {options.Deadline} where its authorization server is: try again later", e) { IsTransient = true };
        }
    }

    /// <summary>Asks again the next time: endpoints that refuse may have moved.</summary>
    public void Forget() => _discovery.Forget();

    /// <summary>A new client assertion, good for one request; null where the client has no key.</summary>
    /// <exception cref="TokenException">The key cannot be read.</exception>
    public Task<string?> AssertionAsync(AuthorizationServer server, CancellationToken cancellationToken) => AssertionAsync(server, 0, cancellationToken);

    /// <summary>A new client assertion by an older key: a server learns a new one only when it reads our key set again.</summary>
    /// <param name="server">Where it is for.</param>
    /// <param name="age">0 for the newest key, 1 for the one before, and so on.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null where there is no key so old.</returns>
    /// <exception cref="TokenException">The key cannot be read.</exception>
    public async Task<string?> AssertionAsync(AuthorizationServer server, int age, CancellationToken cancellationToken)
    {
        if (_keys is null)
        {
            return null;
        }

        var keys = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var key = keys.OrderByDescending(key => server.Algorithms.Contains(key.Algorithm)).ElementAtOrDefault(age);
        return key is null ? null : ClientAuthentication.Assertion(options.ClientId!, server.Audience, key, time.GetUtcNow());
    }

    /// <summary>
    /// The public halves of all keys of the key file, and of those that it held before: while keys are rotated, servers find the old and
    /// the new one. None where the client has no key.
    /// </summary>
    /// <exception cref="TokenException">The key cannot be read.</exception>
    public async Task<IReadOnlyList<JsonWebKey>> PublicKeysAsync(CancellationToken cancellationToken) =>
        _keys is null ? [] : [.. (await ReadAsync(cancellationToken).ConfigureAwait(false)).Select(key => key.Public())];

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private async Task<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _keys!.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }
}
