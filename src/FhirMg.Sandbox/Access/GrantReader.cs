using FhirMg.Sandbox.Authorization;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Fhir;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;

namespace FhirMg.Sandbox.Access;

/// <summary>Finds out what the caller of a request may do.</summary>
internal static class GrantReader
{
    /// <exception cref="FhirException">A token is asked for and missing, or the one given is not good (401).</exception>
    public static async Task<Grant> ReadAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var (store, address) = (services.GetRequiredService<FhirStore>(), services.GetRequiredService<ServerAddress>());
        var hasToken = context.Request.Headers.Authorization.Count > 0;
        if (!hasToken && !services.GetRequiredService<SandboxOptions>().RequireToken)
        {
            return Grant.Open(store, address);
        }

        if (!hasToken)
        {
            throw Refuse(context, "Bearer", "An access token is needed: Authorization: Bearer …");
        }

        // A token that is given is always held to its scopes, also where none is asked for.
        var result = services.GetRequiredService<FaultState>().Switches.ExpiredTokens ? AuthenticateResult.NoResult()
            : await context.AuthenticateAsync(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
        return result is { Succeeded: true, Principal: { } principal } && principal.HasAudience(address.FhirBase)
            ? Grant.Of(principal.GetScopes(), principal.GetClaim(SmartClaims.Patient), store, address)
            : throw Refuse(context, "Bearer error=\"invalid_token\"", "The access token is not good here: it has expired, was revoked, or is not from this server.");
    }

    private static FhirException Refuse(HttpContext context, string challenge, string why)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        return new(StatusCodes.Status401Unauthorized, "login", why);
    }
}
