namespace FhirMg.Sandbox.Authorization;

/// <summary>What an app is told of where it was launched.</summary>
/// <param name="Patient">The id of the patient whose chart is open.</param>
/// <param name="Practitioner">The id of the clinician.</param>
/// <param name="Encounter">The id of the encounter; null when there is none.</param>
/// <param name="Intent">What the app is to do; null when nothing in particular.</param>
/// <param name="NeedPatientBanner">Whether the app shows who the patient is.</param>
/// <param name="AppContext">What the link of a CDS Hooks card has for the app (<c>appContext</c>); null for nothing.</param>
public sealed record LaunchContext(string Patient, string Practitioner, string? Encounter = null, string? Intent = null, bool NeedPatientBanner = true, string? AppContext = null);
