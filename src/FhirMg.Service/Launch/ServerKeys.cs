using System.Collections.Concurrent;
using System.Text;
using FhirMg.Fhir.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Launch;

/// <summary>The keys of authorization servers: kept for a while, and asked for again when a token names one that is not among them.</summary>
internal sealed class ServerKeys(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<Uri, (IReadOnlyList<SecurityKey> Keys, DateTimeOffset At)> _known = new();

    /// <summary>The keys of the server, one of that id among them if it has one.</summary>
    /// <remarks>Only id_tokens that the server itself has handed to us lead here, so no stranger can have it asked at will.</remarks>
    public async Task<IReadOnlyList<SecurityKey>> FindAsync(SmartClient client, Uri place, string? id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_known.TryGetValue(place, out var known) && now - known.At < Fresh && (string.IsNullOrEmpty(id) || known.Keys.Any(key => key.KeyId == id)))
        {
            return known.Keys;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(client.Options.Deadline);
        using var response = await client.Http.GetAsync(place, deadline.Token);
        response.EnsureSuccessStatusCode();
        var keys = new JsonWebKeySet(Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(deadline.Token))).GetSigningKeys().ToList();
        _known[place] = (keys, now);
        return keys;
    }
}
