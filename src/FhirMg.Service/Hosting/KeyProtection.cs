using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FhirMg.Service.Configuration;
using FhirMg.Service.Store;
using Microsoft.AspNetCore.DataProtection;

namespace FhirMg.Service.Hosting;

/// <summary>The keys that sessions are encrypted with: in the store, for all instances, and there encrypted by a certificate where one is configured.</summary>
internal static class KeyProtection
{
    private const string Key = "FhirMg:DataProtection";

    /// <summary>Adds them.</summary>
    /// <exception cref="ConfigurationException">A certificate cannot be used; the message names its key.</exception>
    public static void AddKeyProtection(this WebApplicationBuilder builder, DataProtectionSettings settings)
    {
        var keys = builder.Services.AddDataProtection().SetApplicationName("FhirMg").PersistKeysToDbContext<ServiceStore>();
        if (settings.CertificatePath is { } path)
        {
            keys.ProtectKeysWithCertificate(Read(path, settings.CertificatePassword, $"{Key}:CertificatePath", $"{Key}:CertificatePassword"));
        }
        else if (!builder.Environment.IsDevelopment())
        {
            builder.Services.AddHostedService<UnencryptedKeysWarning>();
        }

        foreach (var (former, i) in settings.FormerCertificates.Select((former, i) => (former, $"{Key}:FormerCertificates:{i}")))
        {
            keys.UnprotectKeysWithAnyCertificate(Read(former.Path, former.Password, $"{i}:Path", $"{i}:Password"));
        }
    }

    private static X509Certificate2 Read(string? path, string? password, string key, string passwordKey)
    {
        if (!File.Exists(path))
        {
            throw new ConfigurationException($"{key}: there is no file '{path}'");
        }

        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, password);
            using var rsa = certificate.GetRSAPrivateKey();
            return rsa is not null ? certificate : throw new ConfigurationException($"{key}: '{path}' holds no certificate with an RSA key: other keys cannot encrypt");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{key}: '{path}' cannot be read as PKCS#12: check that it is one, that this user may read it, and {passwordKey}", e);
        }
    }
}

/// <summary>Says at start that whoever can read the store can read the sessions in it.</summary>
internal sealed partial class UnencryptedKeysWarning(ILogger<UnencryptedKeysWarning> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogUnencrypted(logger);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1030, LogLevel.Warning, "The keys that sessions are encrypted with lie unencrypted in the store: whoever reads it reads access tokens. Set FhirMg:DataProtection:CertificatePath")]
    private static partial void LogUnencrypted(ILogger logger);
}
