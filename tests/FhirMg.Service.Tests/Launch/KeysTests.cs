using System.Security.Cryptography;
using System.Text.Json;
using FhirMg.Service.Sessions;

namespace FhirMg.Service.Tests.Launch;

/// <summary><c>/.well-known/jwks.json</c>.</summary>
public sealed class KeysTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_servers_unreadable_key_does_not_take_the_others_away_and_a_shared_key_is_there_once()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var settings = new Dictionary<string, string?>();
        (string Name, string Text)[] keys = [("one", curve.ExportPkcs8PrivateKeyPem()), ("two", "no key at all"), ("three", rsa.ExportPkcs8PrivateKeyPem()), ("four", curve.ExportPkcs8PrivateKeyPem())];
        for (var i = 0; i < keys.Length; i++)
        {
            var path = Path.Combine(_folder, $"{keys[i].Name}.pem");
            await File.WriteAllTextAsync(path, keys[i].Text, TestContext.Current.CancellationToken);
            (settings[$"Servers:{i}:Name"], settings[$"Servers:{i}:BaseUrl"]) = (keys[i].Name, $"https://{keys[i].Name}.example/fhir");
            (settings[$"Servers:{i}:ClientId"], settings[$"Servers:{i}:PrivateKeyPath"]) = ("fhirmg", path);
        }

        await using var service = await RunningService.StartAsync(settings);
        using var set = JsonDocument.Parse(await service.Http.GetStringAsync(new Uri(LaunchPaths.Keys, UriKind.Relative), TestContext.Current.CancellationToken));

        var published = set.RootElement.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(["EC", "RSA"], published.Select(key => key.GetProperty("kty").GetString()!));
        Assert.Equal(["ES384", "RS384"], published.Select(key => key.GetProperty("alg").GetString()!));
        Assert.All(published, key => Assert.Empty(key.EnumerateObject().Select(member => member.Name).Intersect(["d", "p", "q", "dp", "dq", "qi", "k"])));
        Assert.Contains("two: its private key cannot be read", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_keys_the_set_is_empty()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(new("https://hospital.example/fhir")));
        Assert.Equal("""{"keys":[]}""", await service.Http.GetStringAsync(new Uri(LaunchPaths.Keys, UriKind.Relative), TestContext.Current.CancellationToken));
    }
}
