using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace FhirMg.Service.Sessions;

/// <summary>Encrypts what rows hold of patients, users and tokens; what is encrypted for one row and column is of no use in another.</summary>
internal sealed class SessionProtection(IDataProtectionProvider provider)
{
    private const string Purpose = "FhirMg.Sessions";

    /// <summary>Encrypts a value of a row.</summary>
    public string Protect<T>(string row, T value) => Protector<T>(row).Protect(JsonSerializer.Serialize(value));

    /// <summary>The value; null when it cannot be read, since the keys are gone or it is not this row's.</summary>
    public T? Unprotect<T>(string row, string? text)
        where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<T>(Protector<T>(row).Unprotect(text));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private IDataProtector Protector<T>(string row) => provider.CreateProtector(Purpose, typeof(T).Name, row);
}
