namespace FhirMg.Service.Configuration;

/// <summary>What encrypts the keys in the store that sessions are encrypted with: <c>FhirMg:DataProtection</c>.</summary>
internal sealed record DataProtectionSettings
{
    /// <summary>PKCS#12 file of a certificate and its RSA key; null to keep the keys as they are.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>Password of that file; never logged. Null for none.</summary>
    public string? CertificatePassword { get; init; }

    /// <summary>The certificates before: keys that they encrypted are still read.</summary>
    public IReadOnlyList<FormerCertificateSettings> FormerCertificates { get; init; } = [];
}

/// <summary>A certificate that was replaced: <c>FhirMg:DataProtection:FormerCertificates:N</c>.</summary>
internal sealed record FormerCertificateSettings
{
    /// <summary>PKCS#12 file of the certificate and its RSA key.</summary>
    public string? Path { get; init; }

    /// <summary>Password of that file; never logged. Null for none.</summary>
    public string? Password { get; init; }
}
