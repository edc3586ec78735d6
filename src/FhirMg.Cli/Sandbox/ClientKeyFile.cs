using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Cli.Sandbox;

/// <summary>The private key of a backend service that tries the sandbox.</summary>
internal static class ClientKeyFile
{
    /// <summary>The public part of the key in a file, as a JWK set; the file is made, for its owner alone, when it is not there.</summary>
    /// <exception cref="InputException">The file cannot be read or written, or holds no key.</exception>
    public static string PublicSet(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Write(path);
            }

            var key = new JsonWebKey(File.ReadAllText(path));
            return JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal) { ["keys"] = new[] { Public(key) } });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--client-key: {path} cannot be used ({e.GetType().Name}): name a file with a private JWK, or one that is not there yet", e);
        }
    }

    private static void Write(string path)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(pair) { KeyId = RandomNumberGenerator.GetHexString(16, lowercase: true) });
        var members = Public(key);
        members["d"] = key.D;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        JsonSerializer.Serialize(stream, members);
    }

    private static Dictionary<string, string> Public(JsonWebKey key) => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["kty"] = key.Kty, ["kid"] = key.Kid, ["crv"] = key.Crv, ["x"] = key.X, ["y"] = key.Y, ["n"] = key.N, ["e"] = key.E, ["use"] = "sig",
    }.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
}
