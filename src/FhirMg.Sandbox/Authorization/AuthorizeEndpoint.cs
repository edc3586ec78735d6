using FhirMg.Sandbox.Ehr;
using FhirMg.Sandbox.Fhir;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Asks the clinician, where one is to be asked, and answers with a code.</summary>
/// <remarks>
/// The page keeps no session: it posts the whole request back with <c>decision</c> (allow, deny), <c>clinician</c>, <c>patient</c> and a <c>grant</c> for each scope.
/// </remarks>
internal static class AuthorizeEndpoint
{
    public static async Task<IResult> AuthorizeAsync(HttpContext context, ClientKeys clients, Launches launches, FhirStore store, ServerAddress address, SandboxOptions options, SmartState smart)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var client = clients.Clients[request.ClientId!];
        var audience = ((string?)request["aud"])?.TrimEnd('/');
        if (audience != address.FhirBase)
        {
            return Refusal.Of(OpenIddictConstants.Errors.InvalidRequest, $"The parameter aud is the FHIR base {address.FhirBase}, not '{audience}'.");
        }

        var asked = SmartScopes.ForUser(request.GetScopes(), client, smart.Switches);
        if (asked.Count == 0)
        {
            return Refusal.Of(OpenIddictConstants.Errors.InvalidScope, "None of the scopes is one that this client may be granted.");
        }

        var launch = (string?)request["launch"] is { } value ? launches.Find(value) : null;
        if (launch is null && ((string?)request["launch"] is not null || asked.Contains(SmartScopes.Launch)))
        {
            return Refusal.Of(OpenIddictConstants.Errors.InvalidRequest, "The launch parameter is missing, unknown or over: launch again from the EHR.");
        }

        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        return (string?)form?["decision"] switch
        {
            "deny" => Refusal.Of(OpenIddictConstants.Errors.AccessDenied, "The clinician refused."),
            "allow" => Allow(form!, asked, launch, store, SignIn),
            _ when launch is not null && !options.AskConsent => SignIn(launch, asked),
            _ when request.HasPromptValue(OpenIddictConstants.PromptValues.None) => Refusal.Of(OpenIddictConstants.Errors.InteractionRequired, "The clinician has to be asked."),
            _ => ConsentPage.Show(context, request, client, asked, launch),
        };

        IResult SignIn(LaunchContext chart, IReadOnlyList<string> granted) => TypedResults.SignIn(
            new(TokenIdentity.Of(smart.Switches.TellsPatient ? chart : chart with { Patient = "" }, granted, store, address)), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static IResult Allow(IFormCollection form, IReadOnlyList<string> asked, LaunchContext? launch, FhirStore store, Func<LaunchContext, IReadOnlyList<string>, IResult> signIn)
    {
        var granted = asked.Intersect(form["grant"].OfType<string>(), StringComparer.Ordinal).ToList();
        var clinician = launch?.Practitioner ?? (string?)form["clinician"] ?? "";
        var patient = launch?.Patient ?? (granted.Contains(SmartScopes.LaunchPatient) ? (string?)form["patient"] : null) ?? "";
        if (granted.Count == 0)
        {
            return Refusal.Of(OpenIddictConstants.Errors.AccessDenied, "The clinician granted nothing.");
        }

        if (!store.Now.TryGet("Practitioner", clinician, out _) || (patient.Length > 0 && !store.Now.TryGet("Patient", patient, out _)))
        {
            return Refusal.Of(OpenIddictConstants.Errors.InvalidRequest, "The clinician or the patient is not known here.");
        }

        return signIn(launch ?? new(patient, clinician, NeedPatientBanner: true), granted);
    }
}
