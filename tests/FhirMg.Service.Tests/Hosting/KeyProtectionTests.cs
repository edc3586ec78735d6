using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FhirMg.Service.Configuration;
using FhirMg.Service.Hosting;
using FhirMg.Service.Store;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>The keys in the store are encrypted by the certificate that is configured.</summary>
public sealed class KeyProtectionTests : IDisposable
{
    private const string Password = "hunter2";
    private const string Said = "lie unencrypted in the store";
    private readonly string _folder = Directory.CreateTempSubdirectory("fhirmg-keys-").FullName;

    [Fact]
    public async Task Keys_are_encrypted_and_outlive_a_restart_and_a_new_certificate()
    {
        var (first, second) = (Certificate("first"), Certificate("second"));
        var secret = await WithServiceAsync(Configured(first), async service =>
        {
            await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
            var key = Assert.Single(await store.DataProtectionKeys.ToListAsync(TestContext.Current.CancellationToken)).Xml;
            Assert.Contains("EncryptedData", key, StringComparison.Ordinal);
            Assert.DoesNotContain("masterKey", key, StringComparison.Ordinal);
            return Protector(service).Protect("token");
        });
        await ReadsAsync(Configured(first), secret);
        var both = Configured(second);
        (both["DataProtection:FormerCertificates:0:Path"], both["DataProtection:FormerCertificates:0:Password"]) = (first, Password);
        await ReadsAsync(both, secret);

        // Neither the store alone nor another certificate tells anything.
        foreach (var settings in new[] { Configured(second), Configured(null) })
        {
            await WithServiceAsync(settings, service => Task.FromResult(Assert.ThrowsAny<CryptographicException>(() => Protector(service).Unprotect(secret))));
        }
    }

    [Theory]
    [InlineData("Production", false, true)]
    [InlineData("Production", true, false)]
    [InlineData("Development", false, false)]
    public async Task That_keys_lie_open_is_said_outside_development(string environment, bool isConfigured, bool isSaid)
    {
        var settings = Configured(isConfigured ? Certificate("one") : null);
        settings["PublicUrl"] = "https://mg.example";
        settings["Servers:0:AllowUnauthenticatedCds"] = "false";
        await WithServiceAsync(settings, service => Task.FromResult(isSaid), environment, said => Assert.Equal(isSaid, said.Contains(Said, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("missing", "FhirMg:DataProtection:CertificatePath: there is no file")]
    [InlineData("garbage", "cannot be read as PKCS#12")]
    [InlineData("wrong password", "FhirMg:DataProtection:CertificatePassword")]
    [InlineData("elliptic", "no certificate with an RSA key")]
    [InlineData("former", "FhirMg:DataProtection:FormerCertificates:0:Path: there is no file")]
    public void A_certificate_that_cannot_be_used_is_refused_naming_its_key(string what, string said)
    {
        var path = Path.Combine(_folder, "missing.p12");
        if (what == "garbage")
        {
            File.WriteAllText(path, "no certificate");
        }

        var settings = Configured(what is "wrong password" or "former" ? Certificate("good") : what == "elliptic" ? Certificate("elliptic", isElliptic: true) : path);
        settings[what == "former" ? "DataProtection:FormerCertificates:0:Path" : "unused"] = path;
        settings["DataProtection:CertificatePassword"] = what == "wrong password" ? "wrong-secret" : Password;
        var refused = Assert.Throws<ConfigurationException>(() => ServiceApplication.Build([], builder =>
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"FhirMg:{setting.Key}", setting.Value)))));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IDataProtector Protector(RunningService service) => service.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static async Task<T> WithServiceAsync<T>(
        Dictionary<string, string?> settings, Func<RunningService, Task<T>> use, string environment = "Development", Action<string>? log = null)
    {
        await using var service = await RunningService.StartAsync(settings, environment);
        log?.Invoke(service.Log.Text);
        return await use(service);
    }

    private static async Task ReadsAsync(Dictionary<string, string?> settings, string secret) => await WithServiceAsync(settings, service =>
    {
        Assert.Equal("token", Protector(service).Unprotect(secret));
        return Task.FromResult(true);
    });

    private Dictionary<string, string?> Configured(string? certificate)
    {
        var settings = RunningService.Serving(new("http://127.0.0.1:9/fhir"));
        settings["Store:ConnectionString"] = $"Data Source={Path.Combine(_folder, "store.db")}";
        if (certificate is not null)
        {
            (settings["DataProtection:CertificatePath"], settings["DataProtection:CertificatePassword"]) = (certificate, Password);
        }

        return settings;
    }

    private string Certificate(string name, bool isElliptic = false)
    {
        using var rsa = RSA.Create(2048);
        using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = isElliptic ? new CertificateRequest($"CN={name}", elliptic, HashAlgorithmName.SHA256)
            : new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        // Long over: neither dates nor issuer matter.
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        var path = Path.Combine(_folder, $"{name}.p12");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, Password));
        return path;
    }
}
