using FhirMg.Service.Tenants;

namespace FhirMg.Service.Hooks.Callers;

/// <summary>Who calls.</summary>
/// <param name="Issuer">The <c>iss</c> of its token; null for a caller without one.</param>
/// <param name="Tenants">The tenants that it may call for.</param>
internal sealed record Caller(string? Issuer, IReadOnlyList<Tenant> Tenants)
{
    /// <summary>The tenant that a call is for: the one whose server it names, else the only one.</summary>
    /// <returns>Null when that cannot be told.</returns>
    public Tenant? For(string? fhirServer)
    {
        if (fhirServer is not null && Uri.TryCreate(fhirServer, UriKind.Absolute, out var url))
        {
            foreach (var tenant in Tenants)
            {
                if (tenant.Options.BaseUrl.AbsoluteUri.AsSpan().TrimEnd('/').SequenceEqual(url.AbsoluteUri.AsSpan().TrimEnd('/')))
                {
                    return tenant;
                }
            }
        }

        return Tenants.Count == 1 ? Tenants[0] : null;
    }
}
