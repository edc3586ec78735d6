using System.Text.Json;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;
using FhirMg.Fhir.Tokens;

namespace FhirMg.Service.Sessions;

/// <summary>Requests of a launched app at the token endpoint and the revocation endpoint, by whichever way the client proves who it is.</summary>
/// <remarks>Nothing is sent twice by itself: a code and a rotated refresh token are good once, and a second try looks like theft.</remarks>
internal sealed class TokenCalls(TimeProvider time)
{
    /// <summary>Redeems an authorization code.</summary>
    /// <exception cref="TokenException">No token came.</exception>
    public Task<TokenAnswer> RedeemAsync(SmartClient client, AuthorizationServer server, string code, Uri redirect, string verifier, CancellationToken cancellationToken) =>
        TokensAsync(client, server, () => new AuthorizationCodeTokenRequest { Code = code, RedirectUri = redirect.OriginalString, CodeVerifier = verifier },
            (http, request, cancellation) => http.RequestAuthorizationCodeTokenAsync(request, cancellation), cancellationToken);

    /// <summary>Asks for a new token.</summary>
    /// <exception cref="TokenException">No token came.</exception>
    public Task<TokenAnswer> RefreshAsync(SmartClient client, AuthorizationServer server, string token, CancellationToken cancellationToken) =>
        TokensAsync(client, server, () => new RefreshTokenRequest { RefreshToken = token },
            (http, request, cancellation) => http.RequestRefreshTokenAsync(request, cancellation), cancellationToken);

    /// <summary>Gives a refresh token back (RFC 7009), where the server takes it.</summary>
    /// <returns>Whether it did.</returns>
    public static async Task<bool> RevokeAsync(SmartClient client, AuthorizationServer server, string token, CancellationToken cancellationToken)
    {
        if (server.RevocationEndpoint is not { } endpoint)
        {
            return false;
        }

        using var deadline = Deadline(client, cancellationToken);
        using var request = new TokenRevocationRequest { Token = token, TokenTypeHint = OidcConstants.TokenTypes.RefreshToken };
        Prepare(request, endpoint, client, server, await client.AssertionAsync(server, deadline.Token));
        using var response = await client.Http.RevokeTokenAsync(request, deadline.Token);
        return !response.IsError;
    }

    private async Task<TokenAnswer> TokensAsync<T>(
        SmartClient client, AuthorizationServer server, Func<T> create, Func<HttpClient, T, CancellationToken, Task<TokenResponse>> send, CancellationToken cancellationToken)
        where T : ProtocolRequest
    {
        var host = server.TokenEndpoint.Host;
        var asked = time.GetUtcNow();
        using var deadline = Deadline(client, cancellationToken);
        try
        {
            for (var age = 0; ; age++)
            {
                var assertion = await client.AssertionAsync(server, age, deadline.Token);
                using var request = create();
                Prepare(request, server.TokenEndpoint, client, server, assertion);
                using var response = await send(client.Http, request, deadline.Token);
                cancellationToken.ThrowIfCancellationRequested();
                if (response is { IsError: false, Json: { ValueKind: JsonValueKind.Object } json })
                {
                    return new(json.Clone(), host, asked);
                }

                var refused = await RefusedAsync(host, response, deadline.Token);

                // Whoever does not know the client has not looked at the code: an older key may be the one that is known there.
                if (assertion is null || refused is not ({ Error: "invalid_client" } or { Status: StatusCodes.Status401Unauthorized })
                    || await client.AssertionAsync(server, age + 1, deadline.Token) is null)
                {
                    throw refused;
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TokenException($"{host} did not answer in time: try again later", e) { IsTransient = true };
        }
        catch (InvalidOperationException e)
        {
            // The library reads members of whatever JSON comes.
            throw new TokenException($"{host} answered without a JSON object", e) { Status = StatusCodes.Status200OK };
        }
    }

    private static CancellationTokenSource Deadline(SmartClient client, CancellationToken cancellationToken)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(client.Options.Deadline);
        return deadline;
    }

    private static void Prepare(ProtocolRequest request, Uri endpoint, SmartClient client, AuthorizationServer server, string? assertion)
    {
        var options = client.Options;
        (request.Address, request.ClientId) = (endpoint.AbsoluteUri, options.ClientId!);
        request.ClientCredentialStyle = ClientCredentialStyle.PostBody;
        if (assertion is not null)
        {
            request.ClientAssertion = new() { Type = OidcConstants.ClientAssertionTypes.JwtBearer, Value = assertion };
        }
        else if (!string.IsNullOrEmpty(options.ClientSecret))
        {
            request.ClientSecret = options.ClientSecret;
            request.AuthorizationHeaderStyle = BasicAuthenticationHeaderStyle.Rfc6749;
            request.ClientCredentialStyle = server.TakesSecretInBody ? ClientCredentialStyle.PostBody : ClientCredentialStyle.AuthorizationHeader;
        }

        // A gateway's key is the FHIR server's own; the authorization server may be somebody else's.
        if (Uri.Compare(endpoint, options.BaseUrl, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            foreach (var (name, value) in options.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    private static async Task<TokenException> RefusedAsync(string host, TokenResponse response, CancellationToken cancellationToken)
    {
        if (response.HttpResponse is not { } answer)
        {
            return new($"{host} could not be reached: check address, network and certificates") { IsTransient = true };
        }

        var status = (int)answer.StatusCode;
        var error = Code(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        return new($"{host} refused the request for a token ({status}{(error is null ? "" : $", {error}")})")
        {
            Status = status,
            Error = error,
            IsTransient = status is 408 or 425 or 429 or >= 500,
        };
    }

    // Of what it says, the code alone: the rest may repeat what we sent.
    private static string? Code(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String
                && error.GetString() is { } code && OAuthError.IsCode(code) ? code : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
