using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>Who is asking, by the three ways SMART knows.</summary>
internal sealed class ClientAuthentication(TimeProvider clock) : IDisposable
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private readonly ConcurrentDictionary<string, bool> used = new();
    private readonly HttpClient http = new();

    /// <summary>The outcome: a client, or why there is none.</summary>
    internal sealed record Outcome(string Method, AuthClient? Client, string? ClientId, string? KeyId, string? Problem);

    public async Task<Outcome> AuthenticateAsync(IReadOnlyDictionary<string, string> form, string? authorization, string tokenUrl, IReadOnlyDictionary<string, AuthClient> clients)
    {
        if (form.TryGetValue("client_assertion", out var assertion))
        {
            return form.GetValueOrDefault("client_assertion_type") == JwtBearer
                ? await ByAssertionAsync(assertion, tokenUrl, clients)
                : new Outcome("private_key_jwt", null, null, null, "client_assertion_type is not " + JwtBearer);
        }

        if (authorization?.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) == true)
        {
            var (id, secret) = Basic(authorization["Basic ".Length..]);
            return BySecret("client_secret_basic", id, secret, clients);
        }

        return form.TryGetValue("client_secret", out var posted)
            ? BySecret("client_secret_post", form.GetValueOrDefault("client_id"), posted, clients)
            : new Outcome("none", null, form.GetValueOrDefault("client_id"), null, "the client did not authenticate");
    }

    public void Dispose() => http.Dispose();

    private static Outcome BySecret(string method, string? id, string? secret, IReadOnlyDictionary<string, AuthClient> clients)
    {
        var client = id is null ? null : clients.GetValueOrDefault(id);
        return client?.Secret is not null && client.Secret == secret
            ? new Outcome(method, client, id, null, null)
            : new Outcome(method, null, id, null, "the client or its secret is not known");
    }

    private static (string? Id, string? Secret) Basic(string credentials)
    {
        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(credentials)).Split(':', 2);
            return pair.Length == 2 ? (Uri.UnescapeDataString(pair[0].Replace('+', ' ')), Uri.UnescapeDataString(pair[1].Replace('+', ' '))) : (null, null);
        }
        catch (FormatException)
        {
            return (null, null);
        }
    }

    private async Task<Outcome> ByAssertionAsync(string text, string tokenUrl, IReadOnlyDictionary<string, AuthClient> clients)
    {
        const string Method = "private_key_jwt";
        if (ClientAssertion.Parse(text) is not { } assertion)
        {
            return new Outcome(Method, null, null, null, "client_assertion is not a JWT");
        }

        Outcome Refused(string problem) => new(Method, null, assertion.Issuer, assertion.KeyId, problem);
        if (assertion.ProblemWith(tokenUrl, clock.GetUtcNow()) is { } problem)
        {
            return Refused(problem);
        }

        if (clients.GetValueOrDefault(assertion.Issuer!) is not { } client)
        {
            return Refused($"client {assertion.Issuer} is not known");
        }

        if (await KeyAsync(client, assertion.KeyId!) is not { } key)
        {
            return Refused($"key {assertion.KeyId} is not known");
        }

        if (!assertion.IsSignedBy(key))
        {
            return Refused("the signature does not verify");
        }

        return used.TryAdd($"{assertion.Issuer} {assertion.Id}", true)
            ? new Outcome(Method, client, client.ClientId, assertion.KeyId, null)
            : Refused("jti was used before");
    }

    private async Task<JsonObject?> KeyAsync(AuthClient client, string keyId)
    {
        static JsonObject? Find(JsonObject? set, string keyId) =>
            set?["keys"]?.AsArray().OfType<JsonObject>().FirstOrDefault(k => k["kid"]?.GetValue<string>() == keyId);

        return Find(client.Jwks, keyId) ?? (client.JwksUri is null ? null : Find(await http.GetFromJsonAsync<JsonObject>(client.JwksUri), keyId));
    }
}
