using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Fhir.Tokens;

/// <summary>How a client proves who it is: a signed assertion, or its secret.</summary>
internal static class ClientAuthentication
{
    // A minute short of the five that SMART allows, and begun a little before: clocks differ.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>A new assertion (RFC 7523, SMART private_key_jwt), good for one request.</summary>
    public static string Assertion(string clientId, string audience, SigningKey key, DateTimeOffset now) => key.Sign(new SecurityTokenDescriptor
    {
        Issuer = clientId,
        Audience = audience,
        IssuedAt = now.UtcDateTime,
        NotBefore = (now - Skew).UtcDateTime,
        Expires = (now + Lifetime).UtcDateTime,
        Claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = clientId,
            [JwtRegisteredClaimNames.Jti] = RandomNumberGenerator.GetHexString(32, lowercase: true),
        },
    });

    /// <summary>The parameter of a Basic header; both parts are form-encoded first (RFC 6749 section 2.3.1).</summary>
    public static string Basic(string clientId, string secret) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Encode(clientId)}:{Encode(secret)}"));

    /// <summary>Form-encodes a text.</summary>
    public static string Encode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
