using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Access;

/// <summary>Finds out what the caller of a request may do.</summary>
internal static class GrantReader
{
    public static Task<Grant> ReadAsync(HttpContext context)
    {
        var services = context.RequestServices;
        return Task.FromResult(Grant.Open(services.GetRequiredService<FhirStore>(), services.GetRequiredService<ServerAddress>()));
    }
}
