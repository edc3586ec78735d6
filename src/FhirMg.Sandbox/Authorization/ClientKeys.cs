using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Registers clients, and reads the key sets that they publish when a key is not known yet.</summary>
internal sealed class ClientKeys(TimeProvider time) : IDisposable
{
    private const int LargestSet = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly HttpClient _http = new() { Timeout = Patience, MaxResponseContentBufferSize = LargestSet };
    private readonly ConcurrentDictionary<string, DateTimeOffset> _read = new(StringComparer.Ordinal);

    /// <summary>The registered clients by id.</summary>
    public ConcurrentDictionary<string, SandboxClient> Clients { get; } = new(StringComparer.Ordinal);

    /// <summary>Registers a client, or replaces its registration.</summary>
    public async Task RegisterAsync(SandboxClient client, IOpenIddictApplicationManager applications, CancellationToken cancellationToken)
    {
        var descriptor = Describe(client);
        if (await applications.FindByClientIdAsync(client.ClientId, cancellationToken) is { } known)
        {
            await applications.DeleteAsync(known, cancellationToken);
        }

        await applications.CreateAsync(descriptor, cancellationToken);
        Clients[client.ClientId] = client;
        _read.TryRemove(client.ClientId, out _);
    }

    /// <summary>Reads the client's published key set, if the key is not among those that are known; not more than once in a while.</summary>
    /// <exception cref="HttpRequestException">The key set cannot be read.</exception>
    public async Task RefreshAsync(SandboxClient client, string? keyId, IOpenIddictApplicationManager applications, CancellationToken cancellationToken)
    {
        if (client.JwksUri is null || await applications.FindByClientIdAsync(client.ClientId, cancellationToken) is not { } application)
        {
            return;
        }

        var known = await applications.GetJsonWebKeySetAsync(application, cancellationToken);
        if (keyId is not null && known?.Keys.Any(key => key.Kid == keyId) == true)
        {
            return;
        }

        var now = time.GetUtcNow();
        if (_read.TryGetValue(client.ClientId, out var last) && now - last < Pause)
        {
            return;
        }

        _read[client.ClientId] = now;
        var text = await _http.GetStringAsync(client.JwksUri, cancellationToken);
        var descriptor = new OpenIddictApplicationDescriptor();
        await applications.PopulateAsync(descriptor, application, cancellationToken);
        descriptor.JsonWebKeySet = JsonWebKeySet.Create(text);
        await applications.UpdateAsync(application, descriptor, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static OpenIddictApplicationDescriptor Describe(SandboxClient client)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = client.ClientId,
            ClientSecret = client.Secret,
            DisplayName = client.Name ?? client.ClientId,
            ClientType = (client.Secret ?? client.Jwks ?? client.JwksUri?.AbsoluteUri) is null ? OpenIddictConstants.ClientTypes.Public : OpenIddictConstants.ClientTypes.Confidential,
            ConsentType = OpenIddictConstants.ConsentTypes.Explicit,
            JsonWebKeySet = client.Jwks is not null ? JsonWebKeySet.Create(client.Jwks) : client.JwksUri is not null ? NoKeys() : null,
        };
        descriptor.RedirectUris.UnionWith(client.RedirectUris);
        string[] permissions = [OpenIddictConstants.Permissions.Endpoints.Token, OpenIddictConstants.Permissions.Endpoints.Revocation, OpenIddictConstants.Permissions.Endpoints.Introspection];
        descriptor.Permissions.UnionWith(permissions);
        if (client.BackendService)
        {
            descriptor.Permissions.Add(OpenIddictConstants.Permissions.GrantTypes.ClientCredentials);
        }

        descriptor.Permissions.UnionWith(client.CustomGrants.Select(grant => OpenIddictConstants.Permissions.Prefixes.GrantType + grant));
        if (client.RedirectUris.Count > 0)
        {
            string[] more =
            [
                OpenIddictConstants.Permissions.Endpoints.Authorization, OpenIddictConstants.Permissions.GrantTypes.AuthorizationCode,
                OpenIddictConstants.Permissions.GrantTypes.RefreshToken, OpenIddictConstants.Permissions.ResponseTypes.Code,
            ];
            descriptor.Permissions.UnionWith(more);
        }

        return descriptor;
    }

    // Until its published set is read, nothing that the client signs is taken: a set needs a key, so it has one that nobody holds.
    private static JsonWebKeySet NoKeys()
    {
        using var forgotten = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var point = forgotten.ExportParameters(includePrivateParameters: false).Q;
        var key = new JsonWebKey { Kty = "EC", Crv = "P-384", Use = "sig", Kid = "none", X = Base64UrlEncoder.Encode(point.X!), Y = Base64UrlEncoder.Encode(point.Y!) };
        return new() { Keys = { key } };
    }
}
