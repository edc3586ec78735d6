using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Tokens;

/// <summary>One request for a token (grant client_credentials), and the reading of its answer.</summary>
internal sealed class TokenEndpoint(FhirServerOptions options, string clientId, AuthorizationCalls calls, TimeProvider time)
{
    private const int UnsaidLifetime = 60;

    /// <summary>Asks for a token.</summary>
    /// <param name="server">Where.</param>
    /// <param name="scopes">What for.</param>
    /// <param name="key">The key to sign with; null for the client secret.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="TokenException">It was refused, or no token came.</exception>
    public async Task<AccessToken> RequestAsync(
        AuthorizationServer server, IReadOnlyCollection<string> scopes, SigningKey? key, CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        var answer = await calls.SendAsync(() => Create(server, scopes, key, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        return Read(answer, asked, scopes, Url.Shown(server.TokenEndpoint));
    }

    private HttpRequestMessage Create(AuthorizationServer server, IReadOnlyCollection<string> scopes, SigningKey? key, DateTimeOffset now)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, server.TokenEndpoint);
        request.Headers.Accept.ParseAdd("application/json");
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["scope"] = string.Join(' ', scopes) };
        if (key is not null)
        {
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = ClientAuthentication.Assertion(clientId, server.Audience, key, now);
        }
        else if (server.TakesSecretInBody)
        {
            form["client_id"] = clientId;
            form["client_secret"] = options.ClientSecret!;
        }
        else
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", ClientAuthentication.Basic(clientId, options.ClientSecret!));
        }

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private static AccessToken Read(JsonElement answer, DateTimeOffset asked, IReadOnlyCollection<string> scopes, string url)
    {
        if (answer.Text("access_token") is not { Length: > 0 } value || !value.All(letter => letter is > ' ' and < '\x7F'))
        {
            throw new TokenException($"{url} answered without a token that can be used: show this to those who run the server") { Status = 200 };
        }

        if (answer.Text("token_type") is { } type && !type.Equals("bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw new TokenException($"{url} gives tokens of another type than bearer, which FhirMg cannot use: register the client for bearer tokens") { Status = 200 };
        }

        var granted = answer.Text("scope") is { } said ? said.Split(' ', StringSplitOptions.RemoveEmptyEntries) : scopes;
        return new(value, asked + TimeSpan.FromSeconds(Lifetime(answer)), granted.ToHashSet(StringComparer.Ordinal));
    }

    private static double Lifetime(JsonElement answer) =>
        double.TryParse(answer.Text("expires_in"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? Math.Min(seconds, TimeSpan.FromDays(1).TotalSeconds)
            : UnsaidLifetime;
}
