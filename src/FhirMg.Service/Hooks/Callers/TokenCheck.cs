using FhirMg.Service.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FhirMg.Service.Hooks.Callers;

/// <summary>What a token says, checked against a client's settings: everything but its signature and whether it came before.</summary>
internal static class TokenCheck
{
    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>The algorithms that are accepted.</summary>
    public static readonly string[] Algorithms = ["ES384", "RS384"];

    /// <summary>What is wrong whoever issued it; null when nothing is.</summary>
    public static string? Form(JsonWebToken token) =>
        !Algorithms.Contains(token.Alg, StringComparer.Ordinal) ? "alg must be ES384 or RS384"
        : !string.Equals(token.Typ, "JWT", StringComparison.OrdinalIgnoreCase) ? "typ must be JWT"
        : string.IsNullOrEmpty(token.Kid) ? "kid is missing"
        : string.IsNullOrEmpty(token.Issuer) ? "iss is missing"
        : string.IsNullOrEmpty(token.Id) ? "jti is missing"
        : !token.TryGetPayloadValue<long>("exp", out _) ? "exp is missing"
        : !token.TryGetPayloadValue<long>("iat", out _) ? "iat is missing"
        : null;

    /// <summary>What is wrong for this client; null when nothing is.</summary>
    /// <param name="token">A token in form.</param>
    /// <param name="client">The client.</param>
    /// <param name="serviceUrls">The urls that it may be signed for, the one called last.</param>
    /// <param name="now">The time.</param>
    public static string? Content(JsonWebToken token, CdsClientSettings client, string[] serviceUrls, DateTimeOffset now) =>
        KeySet(token, client) ?? Audience(token, client, serviceUrls) ?? Lifetime(token, client, now);

    public static string? Audience(JsonWebToken token, CdsClientSettings client, string[] serviceUrls)
    {
        string[] audiences = client.Audience is { } audience ? [audience] : serviceUrls;
        return audiences.Intersect(token.Audiences, StringComparer.Ordinal).Any() ? null : $"aud must be {audiences[^1]}";
    }

    public static string? Lifetime(JsonWebToken token, CdsClientSettings client, DateTimeOffset now)
    {
        var (expires, issued) = (Time(token, "exp"), Time(token, "iat"));
        return expires is null || issued is null ? "exp and iat must be times in seconds"
            : expires <= now - Skew ? "the token has expired"
            : expires > now + client.MaxLifetime + Skew ? $"exp must be at most {client.MaxLifetime.TotalSeconds:0} s ahead"
            : issued > now + Skew ? "iat lies in the future: check the clocks"
            : token.TryGetPayloadValue<object>("nbf", out _) && !(Time(token, "nbf") <= now + Skew) ? "the token is not valid yet (nbf)"
            : null;
    }

    private static string? KeySet(JsonWebToken token, CdsClientSettings client) =>
        token.TryGetHeaderValue<string>("jku", out var jku) && (client.JwksUri is null || !Uri.TryCreate(jku, UriKind.Absolute, out var url) || url != client.JwksUri)
            ? "jku is not the one that is configured for this issuer"
            : null;

    private static DateTimeOffset? Time(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<long>(claim, out var seconds) && seconds > 0 && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
