using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Adds the launch context to introspection answers (SMART App Launch 2.2, token introspection).</summary>
internal static class SmartIntrospection
{
    private static readonly string[] Told = [SmartClaims.Patient, SmartClaims.Encounter, SmartClaims.FhirUser];

    public static ValueTask AttachAsync(HandleIntrospectionRequestContext context)
    {
        foreach (var name in Told)
        {
            if (context.GenericTokenPrincipal?.GetClaim(name) is { } value)
            {
                context.Claims[name] = value;
            }
        }

        context.Scopes.UnionWith(context.GenericTokenPrincipal?.GetScopes() ?? []);
        return default;
    }
}
