using System.Text.Json;
using FhirMg.Fhir.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Launch;

/// <summary>Who signed in, as an id_token says.</summary>
/// <param name="Subject">Issuer and subject, as one text.</param>
/// <param name="FhirUser">The person's resource, as the server wrote it; null when not said.</param>
internal sealed record Identity(string Subject, string? FhirUser);

/// <summary>Validates id_tokens (OpenID Connect Core 1.0, section 3.1.3.7).</summary>
internal sealed partial class IdentityTokens(ServerKeys keys, TimeProvider time, ILogger<IdentityTokens> logger)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    // Signatures by a key pair only: with a secret that both know, or none at all, anybody could have made it.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>Validates an id_token.</summary>
    /// <returns>Null where the server names neither issuer nor keys, so that nothing it says can be checked: then nothing of it is used.</returns>
    /// <exception cref="LaunchException">It is not what it should be.</exception>
    public async Task<Identity?> ValidateAsync(SmartClient client, AuthorizationServer server, string text, string nonce, CancellationToken cancellationToken)
    {
        if (server is not { Issuer: { } issuer, JwksUri: { } place })
        {
            LogUncheckable(logger, client.Options.Name);
            return null;
        }

        var token = Parse(text);
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = client.Options.ClientId,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            TryAllIssuerSigningKeys = string.IsNullOrEmpty(token.Kid),
            IssuerSigningKeys = await KeysAsync(client, place, token.Kid, cancellationToken),
            LifetimeValidator = (from, to, _, _) => IsCurrent(from, to),
        };
        var result = await _handler.ValidateTokenAsync(token, parameters);
        var problem = !result.IsValid ? result.Exception?.GetType().Name ?? "it is not valid"
            : Claim(token, JwtRegisteredClaimNames.Nonce) != nonce ? "its nonce is another"
            : token.Audiences.Skip(1).Any() && Claim(token, JwtRegisteredClaimNames.Azp) != client.Options.ClientId ? "its azp is another client"
            : string.IsNullOrEmpty(token.Subject) ? "it names no subject"
            : null;
        return problem is null ? new($"{token.Issuer}|{token.Subject}", Claim(token, "fhirUser") ?? Claim(token, "profile")) : throw Invalid(problem);
    }

    private async Task<IReadOnlyList<SecurityKey>> KeysAsync(SmartClient client, Uri place, string? id, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.FindAsync(client, place, id, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or ArgumentException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new LaunchException("app-unreachable", e) { Detail = "the keys of its id_tokens cannot be had" };
        }
    }

    private bool IsCurrent(DateTime? from, DateTime? to)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return (from is null || from - Skew <= now) && to + Skew > now;
    }

    private static JsonWebToken Parse(string text)
    {
        try
        {
            return new(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or SecurityTokenException or JsonException)
        {
            throw Invalid("it is no JWT");
        }
    }

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<object>(name, out var value) ? value as string : null;

    private static LaunchException Invalid(string problem) => new(StatusCodes.Status502BadGateway, "app-bad-identity") { Detail = $"id_token: {problem}" };

    [LoggerMessage(5020, LogLevel.Warning, "{Server}: its SMART configuration names no issuer or no jwks_uri, so its id_token cannot be checked and is not used")]
    private static partial void LogUncheckable(ILogger logger, string server);
}
