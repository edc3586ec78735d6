using System.Security.Claims;
using FhirMg.Sandbox.Fhir;
using OpenIddict.Abstractions;

namespace FhirMg.Sandbox.Authorization;

/// <summary>What tokens say about a user and a launch.</summary>
internal static class TokenIdentity
{
    public const string AuthenticationType = "sandbox";

    public static ClaimsIdentity Of(LaunchContext launch, IReadOnlyList<string> scopes, FhirStore store, ServerAddress address)
    {
        var identity = new ClaimsIdentity(AuthenticationType, OpenIddictConstants.Claims.Name, OpenIddictConstants.Claims.Role);
        identity.SetClaim(OpenIddictConstants.Claims.Subject, launch.Practitioner).SetClaim(SmartClaims.FhirUser, $"{address.FhirBase}/Practitioner/{launch.Practitioner}")
            .SetScopes(scopes).SetResources(address.FhirBase);
        if (store.Now.TryGet("Practitioner", launch.Practitioner, out var practitioner))
        {
            identity.SetClaim(OpenIddictConstants.Claims.Name, Ehr.People.NameOf(practitioner.Content!));
        }

        if (launch.Patient.Length > 0)
        {
            identity.SetClaim(SmartClaims.Patient, launch.Patient).SetClaim(SmartClaims.NeedPatientBanner, launch.NeedPatientBanner ? "true" : "false")
                .SetClaim(SmartClaims.Encounter, launch.Encounter).SetClaim(SmartClaims.Intent, launch.Intent).SetClaim(SmartClaims.AppContext, launch.AppContext);
        }

        SetDestinations(identity);
        return identity;
    }

    public static void SetDestinations(ClaimsIdentity identity) => identity.SetDestinations(claim => claim.Type switch
    {
        SmartClaims.FhirUser when identity.HasScope(SmartClaims.FhirUser) || identity.HasScope("profile") => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        OpenIddictConstants.Claims.Name when identity.HasScope("profile") => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        _ => [OpenIddictConstants.Destinations.AccessToken],
    });
}
