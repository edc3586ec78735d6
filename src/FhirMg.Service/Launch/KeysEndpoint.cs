using System.Text.Json;
using System.Text.Json.Serialization;
using FhirMg.Fhir.Tokens;
using FhirMg.Service.Tenants;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Launch;

/// <summary><c>/.well-known/jwks.json</c>: the public keys of the clients of all servers, by which their authorization servers know them.</summary>
internal sealed partial class KeysEndpoint(TenantRegistry tenants, IServiceProvider services, ILogger<KeysEndpoint> logger)
{
    // Short enough for a rotation to be seen soon, and for a key that leaked to be gone.
    private const string Caching = "public, max-age=300";

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public async Task<IResult> GetAsync(HttpContext context)
    {
        var keys = new List<PublicKey>();
        foreach (var tenant in tenants.All)
        {
            try
            {
                keys.AddRange((services.GetKeyedService<SmartClient>(tenant.Name) is { } client ? await client.PublicKeysAsync(context.RequestAborted) : []).Select(PublicKey.Of));
            }
            catch (TokenException)
            {
                // The other servers' keys are as good as before.
                LogUnreadable(logger, tenant.Name);
            }
        }

        context.Response.Headers.CacheControl = Caching;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Json(new KeySet([.. keys.Distinct()]), Format);
    }

    [LoggerMessage(5010, LogLevel.Error, "{Server}: its private key cannot be read, so its public key is not published: check PrivateKeyPath")]
    private static partial void LogUnreadable(ILogger logger, string server);

    private sealed record KeySet(IReadOnlyList<PublicKey> Keys);

    // Member by member, so that no part of a private key can slip in.
    private sealed record PublicKey(string Kty, string Kid, string Use, string Alg, string? N, string? E, string? Crv, string? X, string? Y)
    {
        public static PublicKey Of(JsonWebKey key) => new(key.Kty, key.Kid, key.Use, key.Alg, key.N, key.E, key.Crv, key.X, key.Y);
    }
}
