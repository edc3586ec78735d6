using Microsoft.AspNetCore.Authentication;
using OpenIddict.Server.AspNetCore;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Refuses an OAuth request, the way that OpenIddict answers errors.</summary>
internal static class Refusal
{
    public static IResult Of(string error, string why) => TypedResults.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = why,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
