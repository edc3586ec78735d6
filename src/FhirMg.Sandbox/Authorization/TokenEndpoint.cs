using System.Security.Claims;
using FhirMg.Sandbox.Ehr;
using FhirMg.Sandbox.Fhir;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Decides what a token says; OpenIddict has checked the request.</summary>
internal static class TokenEndpoint
{
    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static async Task<IResult> ExchangeAsync(HttpContext context, ClientKeys clients, FhirStore store, ServerAddress address, SmartState smart)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var client = clients.Clients[request.ClientId!];
        if (request.IsClientCredentialsGrantType())
        {
            var granted = SmartScopes.ForSystem(request.GetScopes(), client, smart.Switches);
            return granted.Count == 0
                ? Refusal.Of(OpenIddictConstants.Errors.InvalidScope, "A backend service asks for system/ scopes that it is registered for, such as system/Patient.rs.")
                : TypedResults.SignIn(new(System(client, granted, address)), Properties(new() { ["scope"] = string.Join(' ', granted) }), Scheme);
        }

        if (request.GrantType == HookTokens.Grant)
        {
            var hook = TokenIdentity.Of(new((string?)request["patient"] ?? "", (string?)request["practitioner"] ?? ""), [.. request.GetScopes()], store, address);
            return TypedResults.SignIn(new(hook), authenticationScheme: Scheme);
        }

        var principal = (await context.AuthenticateAsync(Scheme)).Principal!;
        var identity = new ClaimsIdentity(principal.Claims, TokenIdentity.AuthenticationType, OpenIddictConstants.Claims.Name, OpenIddictConstants.Claims.Role);
        if (request.IsRefreshTokenGrantType() && request.GetScopes() is { IsEmpty: false } narrower)
        {
            identity.SetScopes(narrower);
        }

        TokenIdentity.SetDestinations(identity);
        return TypedResults.SignIn(new(identity), Properties(Told(identity, address)), Scheme);
    }

    private static Dictionary<string, object?> Told(ClaimsIdentity identity, ServerAddress address)
    {
        var told = new Dictionary<string, object?>(StringComparer.Ordinal) { ["scope"] = string.Join(' ', identity.GetScopes()) };
        foreach (var name in (string[])[SmartClaims.Patient, SmartClaims.Encounter, SmartClaims.Intent, SmartClaims.AppContext])
        {
            if (identity.GetClaim(name) is { } value)
            {
                told[name] = value;
            }
        }

        if (identity.HasClaim(claim => claim.Type == SmartClaims.Patient))
        {
            told[SmartClaims.NeedPatientBanner] = identity.GetClaim(SmartClaims.NeedPatientBanner) != "false";
            told[SmartClaims.StyleUrl] = $"{address.Issuer}/smart-style.json";
        }

        return told;
    }

    private static AuthenticationProperties Properties(Dictionary<string, object?> parameters) => new(new Dictionary<string, string?>(StringComparer.Ordinal), parameters);

    private static ClaimsIdentity System(SandboxClient client, IReadOnlyList<string> scopes, ServerAddress address)
    {
        var identity = new ClaimsIdentity(TokenIdentity.AuthenticationType, OpenIddictConstants.Claims.Name, OpenIddictConstants.Claims.Role);
        identity.SetClaim(OpenIddictConstants.Claims.Subject, client.ClientId).SetScopes(scopes).SetResources(address.FhirBase);
        TokenIdentity.SetDestinations(identity);
        return identity;
    }
}
