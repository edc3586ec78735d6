using FhirMg.Service.Tenants;

namespace FhirMg.Service.Launch;

/// <summary><c>/smart/launch</c>: an EHR launches (<c>iss</c> and <c>launch</c>), or a person begins without one (<c>iss</c>, or nothing where there is one server only).</summary>
internal static class LaunchEndpoint
{
    public static Task<IResult> LaunchAsync(HttpContext context, TenantRegistry tenants, Authorizing authorizing)
    {
        var (iss, launch) = (LaunchParameters.Read(context.Request, "iss"), LaunchParameters.Read(context.Request, "launch"));
        if (iss is null && launch is not null)
        {
            throw new LaunchException("app-bad-request");
        }

        var tenant = Find(tenants, iss);
        return authorizing.BeginAsync(context, tenant, Audience(tenant, iss), launch, handle: null, isV1: false, context.RequestAborted);
    }

    private static Tenant Find(TenantRegistry tenants, string? iss)
    {
        if (iss is null)
        {
            return tenants.All.Where(tenant => !string.IsNullOrEmpty(tenant.Options.ClientId)).ToList() is [var only] ? only : throw new LaunchException("app-which-server");
        }

        return (Uri.TryCreate(iss, UriKind.Absolute, out var url) ? tenants.FindByBase(url) : null)
            ?? throw new LaunchException(StatusCodes.Status403Forbidden, "app-unknown-server") { Detail = "iss is no configured server" };
    }

    // Servers compare aud as text, some without and some with the slash at the end: it is said as the EHR says it.
    private static string Audience(Tenant tenant, string? iss)
    {
        var configured = tenant.Options.BaseUrl.OriginalString;
        return iss?.TrimEnd('/') == configured.TrimEnd('/') ? iss! : configured;
    }
}
