using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Service.Hooks.Requests;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Hooks.Prefetch;

/// <summary>Whether, and with whose token, a tenant's server is asked for what a caller did not bring.</summary>
internal static class ServerAccess
{
    /// <summary>The server to ask; null when it may not be asked.</summary>
    public static FhirServer? For(Tenant tenant, HookRequest request)
    {
        // No other address is ever called, whatever a request says.
        if (!tenant.IsAt(request.FhirServer))
        {
            return null;
        }

        // What a caller gave and cannot be used is not made up for by rights of our own: they may reach further.
        if (request.Authorization is { } authorization)
        {
            return IsUsable(authorization, tenant, request.PatientId)
                ? tenant.Server.As(new(authorization.AccessToken, new GrantedScopes(authorization.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])))
                : null;
        }

        return request.AuthorizationIsUnreadable || tenant.Options.Auth == ServerAuth.SmartOnly ? null : tenant.Server;
    }

    /// <summary>Whether a url is the base of the tenant's server, a slash at its end apart.</summary>
    public static bool IsAt(this Tenant tenant, string? fhirServer) =>
        fhirServer is not null && Uri.TryCreate(fhirServer, UriKind.Absolute, out var url)
        && url.AbsoluteUri.AsSpan().TrimEnd('/').SequenceEqual(tenant.Options.BaseUrl.AbsoluteUri.AsSpan().TrimEnd('/'));

    private static bool IsUsable(FhirAuthorization authorization, Tenant tenant, string patientId) =>
        authorization.TokenType is null or { Length: 0 } || string.Equals(authorization.TokenType, "Bearer", StringComparison.OrdinalIgnoreCase)
            ? authorization.ExpiresIn is not <= 0
                && (authorization.Subject is null || tenant.Options.ClientId is null || authorization.Subject == tenant.Options.ClientId)
                && (authorization.Patient is null || authorization.Patient == patientId || authorization.Patient == $"Patient/{patientId}")
                && !authorization.AccessToken.AsSpan().ContainsAnyExceptInRange('!', '~')
            : false;
}
