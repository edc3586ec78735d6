using System.Text;
using FhirMg.Service.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Hooks.Callers;

/// <summary>
/// The keys of one client: fetched when needed, kept for a while, and fetched again when a token names one that is not among them. While the client cannot be reached, what
/// another instance fetched counts as well.
/// </summary>
internal sealed class KeySource(CdsClientSettings client, IHttpClientFactory clients, SharedKeySets shared, TimeProvider clock) : IDisposable
{
    /// <summary>Name of the HTTP client that key sets are fetched with.</summary>
    public const string HttpClient = "cds-hooks-jwks";

    private const int LargestSet = 256 * 1024;
    private const int LeastRsaBits = 2048;
    /// <summary>How long keys are taken as current.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenRefreshes = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _refreshing = new(1);
    private Held _held = new([], DateTimeOffset.MinValue);
    private DateTimeOffset _fetched = DateTimeOffset.MinValue;
    private DateTimeOffset _tried = DateTimeOffset.MinValue;
    private volatile int _refreshes;

    /// <summary>The key of that id; null when the client has none, or its keys cannot be had.</summary>
    public async ValueTask<SecurityKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var key = _held.Find(keyId, now);
        if (key is not null && now - _fetched < Fresh)
        {
            return key;
        }

        // Whoever has a key need not wait while another call asks for it anew.
        if (key is not null && _refreshing.CurrentCount == 0)
        {
            return key;
        }

        // An unknown key may have been added since; asking at most once in a while keeps made-up ids from flooding the client.
        if (now - _tried >= BetweenRefreshes)
        {
            // Others wait for the keys as well: one who goes does not end it. Its own time-outs do.
            await RefreshAsync(_refreshes, now).WaitAsync(cancellationToken);
        }

        return _held.Find(keyId, now);
    }

    /// <inheritdoc/>
    public void Dispose() => _refreshing.Dispose();

    private async Task RefreshAsync(int seen, DateTimeOffset now)
    {
        await _refreshing.WaitAsync();
        try
        {
            // Calls that come while the keys are fetched wait for them, and then look among these.
            if (seen != _refreshes)
            {
                return;
            }

            var json = await ReadAsync();
            _held = new(Usable(json), client.JwksUri is null ? DateTimeOffset.MaxValue : now + SharedKeySets.Lasting);
            _fetched = now;
            if (client.JwksUri is { } source)
            {
                await shared.KeepAsync(source, json, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ArgumentException or UnauthorizedAccessException or System.Text.Json.JsonException or OperationCanceledException)
        {
            // The keys that we have stay good for a while, in which the client is asked again.
            await TakeSharedAsync();
        }
        finally
        {
            if (seen == _refreshes)
            {
                _tried = now;
                _refreshes++;
            }

            _refreshing.Release();
        }
    }

    private async Task TakeSharedAsync()
    {
        if (client.JwksUri is { } source && await shared.FindAsync(source, CancellationToken.None) is { } known && known.FetchedAt > _fetched)
        {
            _held = new(Usable(known.Json), known.ExpiresAt);
        }
    }

    private async Task<string> ReadAsync()
    {
        if (client.JwksPath is { } path)
        {
            return await File.ReadAllTextAsync(path);
        }

        using var http = clients.CreateClient(HttpClient);
        http.MaxResponseContentBufferSize = LargestSet;
        return Encoding.UTF8.GetString(await http.GetByteArrayAsync(client.JwksUri));
    }

    // Only keys that the accepted algorithms go with: an id must not lead to a weaker one.
    private static Dictionary<string, SecurityKey> Usable(string json)
    {
        var keys = new Dictionary<string, SecurityKey>(StringComparer.Ordinal);
        foreach (var key in new JsonWebKeySet(json).Keys)
        {
            if (Fits(key) && !string.IsNullOrEmpty(key.Kid) && key.Use is null or "" or "sig")
            {
                keys[key.Kid!] = key;
            }
        }

        return keys;
    }

    private static bool Fits(JsonWebKey key)
    {
        try
        {
            return (key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve && key.Crv == JsonWebKeyECTypes.P384) || (key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize >= LeastRsaBits);
        }
        catch (FormatException)
        {
            // One key that cannot be read does not spoil the others.
            return false;
        }
    }

    // The keys by their ids, and until when they count without having been fetched again.
    private sealed record Held(Dictionary<string, SecurityKey> Keys, DateTimeOffset Until)
    {
        public SecurityKey? Find(string keyId, DateTimeOffset now) => now < Until ? Keys.GetValueOrDefault(keyId) : null;
    }
}
