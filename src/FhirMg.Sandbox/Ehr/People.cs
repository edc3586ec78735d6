using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Loading;

namespace FhirMg.Sandbox.Ehr;

/// <summary>A person to choose.</summary>
/// <param name="Id">The id of the Patient or Practitioner.</param>
/// <param name="Name">The name, or the id when there is none.</param>
/// <param name="About">What tells people of one name apart: the birth date and case, or the profession.</param>
internal sealed record Person(string Id, string Name, string About);

/// <summary>The patients and clinicians of the hospital.</summary>
internal sealed class People(FhirStore store, SampleLoader loader)
{
    /// <summary>The clinician who is chosen when nobody is.</summary>
    public const string FirstClinician = "petrova";

    private static readonly string[] Parts = ["prefix", "given", "family"];

    public static string NameOf(JsonObject resource)
    {
        var name = resource.At("name").OfType<JsonObject>().FirstOrDefault();
        var full = string.Join(' ', Parts.SelectMany(part => name.At(part)).Select(JsonPath.Text).OfType<string>());
        return full.Length > 0 ? full : name.TextAt("text") ?? resource.TextAt("id") ?? "";
    }

    public IReadOnlyList<Person> Patients()
    {
        var now = store.Now;
        var cases = loader.Patients.Select((patient, order) => (patient.Id, patient.Case, Order: order)).ToDictionary(one => one.Id, StringComparer.Ordinal);
        return [.. now.Of("Patient").OrderBy(patient => cases.TryGetValue(patient.Id, out var known) ? known.Order : int.MaxValue)
            .Select(patient => new Person(patient.Id, NameOf(patient.Content!), cases.TryGetValue(patient.Id, out var known) ? known.Case.Replace('-', ' ') : ""))];
    }

    public IReadOnlyList<Person> Clinicians() =>
        [.. store.Now.Of("Practitioner").Where(one => !loader.Loaded.Contains(one.Reference)).Select(one => new Person(one.Id, NameOf(one.Content!), one.Content.TextAt("qualification.code.text") ?? ""))];

    /// <summary>The encounter that is in progress; null when there is none.</summary>
    public string? EncounterOf(string patient) => store.Now.Of("Encounter")
        .FirstOrDefault(one => one.Content.TextAt("subject.reference") == $"Patient/{patient}" && one.Content.TextAt("status") == "in-progress")?.Id;
}
