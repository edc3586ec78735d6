using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Fhir.Tokens;

/// <summary>A private key that signs assertions; its text is its id alone.</summary>
internal sealed class SigningKey
{
    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false };
    private const int LeastRsaBits = 2048;
    private readonly SigningCredentials _credentials;

    private SigningKey(JsonWebKey key, string thumbprint, string algorithm)
    {
        (Thumbprint, Algorithm) = (thumbprint, algorithm);

        // The default factory would keep a key in memory that rotation has retired.
        _credentials = new(key, algorithm) { CryptoProviderFactory = new() { CacheSignatureProviders = false } };
    }

    /// <summary>The key id that the server finds the public key by.</summary>
    public string Kid => _credentials.Kid;

    /// <summary>SHA-256 thumbprint (RFC 7638): the same for the same key, however it is written.</summary>
    public string Thumbprint { get; }

    /// <summary><c>RS384</c> or <c>ES384</c>.</summary>
    public string Algorithm { get; }

    /// <summary>Makes a signing key of a JWK; without a kid, its thumbprint is its kid.</summary>
    /// <returns>The key, or why it cannot be used.</returns>
    public static (SigningKey? Key, string? Problem) Of(JsonWebKey key)
    {
        var (algorithm, problem) = key.Kty switch
        {
            JsonWebAlgorithmsKeyTypes.RSA => (SecurityAlgorithms.RsaSha384, ProblemOfRsa(key)),
            JsonWebAlgorithmsKeyTypes.EllipticCurve => (SecurityAlgorithms.EcdsaSha384, ProblemOfCurve(key)),
            _ => ("", "it is neither RSA nor EC"),
        };
        if ((problem ?? ProblemOfUse(key, algorithm)) is { } why)
        {
            return (null, why);
        }

        try
        {
            var thumbprint = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
            key.Kid = string.IsNullOrEmpty(key.Kid) ? thumbprint : key.Kid;
            var made = new SigningKey(key, thumbprint, algorithm);
            made.Sign(new());
            return (made, null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            return (null, "its numbers make no key");
        }
    }

    /// <summary>The public half, as a JWKS publishes it.</summary>
    public JsonWebKey Public()
    {
        var key = (JsonWebKey)_credentials.Key;
        return key.Kty == JsonWebAlgorithmsKeyTypes.RSA
            ? new() { Kty = key.Kty, Kid = key.Kid, Use = "sig", Alg = Algorithm, N = key.N, E = key.E }
            : new() { Kty = key.Kty, Kid = key.Kid, Use = "sig", Alg = Algorithm, Crv = key.Crv, X = key.X, Y = key.Y };
    }

    /// <summary>Signs a JWT (<c>typ</c> JWT, <c>kid</c>).</summary>
    public string Sign(SecurityTokenDescriptor descriptor)
    {
        descriptor.TokenType = "JWT";
        descriptor.SigningCredentials = _credentials;
        return Tokens.CreateToken(descriptor);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Algorithm} key {Kid}";

    private static string? ProblemOfRsa(JsonWebKey key) =>
        new[] { key.N, key.E, key.D, key.P, key.Q, key.DP, key.DQ, key.QI }.Any(string.IsNullOrEmpty) ? "a part of its private key is missing"
        : key.KeySize < LeastRsaBits ? $"it is shorter than {LeastRsaBits} bits"
        : null;

    private static string? ProblemOfCurve(JsonWebKey key) =>
        key.Crv != JsonWebKeyECTypes.P384 ? "its curve is not P-384"
        : new[] { key.X, key.Y, key.D }.Any(string.IsNullOrEmpty) ? "a part of its private key is missing"
        : null;

    private static string? ProblemOfUse(JsonWebKey key, string algorithm) =>
        !string.IsNullOrEmpty(key.Use) && key.Use != "sig" ? "it is not for signing"
        : key.KeyOps.Count > 0 && !key.KeyOps.Contains("sign") ? "it is not for signing"
        : !string.IsNullOrEmpty(key.Alg) && key.Alg != algorithm ? $"its alg is not {algorithm}"
        : null;
}
