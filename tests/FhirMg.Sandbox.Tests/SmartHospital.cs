using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Sandbox.Tests;

/// <summary>A hospital that asks for tokens, with a client of each kind.</summary>
internal static class SmartHospital
{
    public const string Secret = "a-secret-of-the-tests";

    public static ECDsaSecurityKey Elliptic { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP384)) { KeyId = "ec-1" };

    public static RsaSecurityKey Rsa { get; } = new(RSA.Create(2048)) { KeyId = "rsa-1" };

    public static string Jwks => JsonSerializer.Serialize(new
    {
        keys = new object[] { Public(JsonWebKeyConverter.ConvertFromECDsaSecurityKey(Elliptic), "ES384"), Public(JsonWebKeyConverter.ConvertFromRSASecurityKey(Rsa), "RS384") },
    });

    public static Task<Hospital> OpenAsync(SandboxOptions? options = null)
    {
        Uri[] redirects = [new(SmartApp.Redirect)];
        return Hospital.OpenAsync((options ?? new()) with
        {
            RequireToken = true,
            Clients =
            [
                new() { ClientId = "public", RedirectUris = redirects },
                new() { ClientId = "secret", Secret = Secret, RedirectUris = redirects },
                new() { ClientId = "keys", Jwks = Jwks, RedirectUris = redirects },
                new() { ClientId = "backend", Jwks = Jwks, BackendService = true },
                new() { ClientId = "narrow", Jwks = Jwks, BackendService = true, Scopes = "system/Patient.rs" },
                .. options?.Clients ?? [],
            ],
        });
    }

    private static Dictionary<string, string> Public(JsonWebKey key, string algorithm) => new Dictionary<string, string?>
    {
        ["kty"] = key.Kty, ["kid"] = key.Kid, ["alg"] = algorithm, ["use"] = "sig", ["crv"] = key.Crv, ["x"] = key.X, ["y"] = key.Y, ["n"] = key.N, ["e"] = key.E,
    }.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!);
}
