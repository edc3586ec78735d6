using FhirMg.Sandbox.Authorization;
using FhirMg.Sandbox.Fhir;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;

namespace FhirMg.Sandbox.Ehr;

/// <summary>What the consent page shows.</summary>
internal sealed record ConsentPage(
    Texts Texts, string Client, string? Clinician, bool AsksPatient, IReadOnlyList<Person> Clinicians, IReadOnlyList<PersonGroup> Patients, IReadOnlyList<string> Scopes, IReadOnlyList<KeyValuePair<string, string>> Request)
{
    private static readonly string[] Own = ["decision", "grant", "clinician", "patient", "lang"];

    public static IResult Show(HttpContext context, OpenIddictRequest request, SandboxClient client, IReadOnlyList<string> scopes, LaunchContext? launch)
    {
        var people = context.RequestServices.GetRequiredService<People>();
        var store = context.RequestServices.GetRequiredService<FhirStore>();
        var clinician = launch is not null && store.Now.TryGet("Practitioner", launch.Practitioner, out var known) ? People.NameOf(known.Content!) : null;
        var texts = Texts.For(context);
        var page = new ConsentPage(
            texts, client.Name ?? client.ClientId, clinician, scopes.Contains(SmartScopes.LaunchPatient), people.Clinicians(texts), people.Patients(texts), scopes,
            [.. request.GetParameters().Where(pair => !Own.Contains(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value ?? ""))]);
        // The answer to this form is a redirect to the app, which the browser holds to form-action, too.
        PageHeaders.Set(context, [Uri.TryCreate(request.RedirectUri, UriKind.Absolute, out var app) ? app : null]);
        return new RazorComponentResult<ConsentView>(new Dictionary<string, object?> { [nameof(ConsentView.Page)] = page });
    }
}
