using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Loading;

namespace FhirMg.Sandbox.Ehr;

/// <summary>A person to choose.</summary>
/// <param name="Id">The id of the Patient or Practitioner.</param>
/// <param name="Name">The name, or the id when there is none.</param>
/// <param name="About">What the patient's case shows, or the clinician's profession; empty when nothing is known.</param>
internal sealed record Person(string Id, string Name, string About);

/// <summary>Patients whose cases belong together.</summary>
/// <param name="Label">What they have in common; empty for none.</param>
/// <param name="IsStart">Whether they are meant to be looked at first.</param>
internal sealed record PersonGroup(string Label, bool IsStart, IReadOnlyList<Person> People);

/// <summary>The patients and clinicians of the hospital.</summary>
internal sealed class People(FhirStore store, SampleLoader loader)
{
    /// <summary>The clinician who is chosen when nobody is.</summary>
    public const string FirstClinician = "petrova";

    private const int Unplaced = int.MaxValue;
    private static readonly string[] Parts = ["prefix", "given", "family"];

    /// <summary>A name as it is recorded; the id when there is none.</summary>
    public static string NameOf(JsonObject resource)
    {
        var name = resource.At("name").OfType<JsonObject>().FirstOrDefault();
        var full = string.Join(' ', Parts.SelectMany(part => name.At(part)).Select(JsonPath.Text).OfType<string>());
        return full.Length > 0 ? full : name.TextAt("text") ?? resource.TextAt("id") ?? "";
    }

    /// <summary>All patients, by what their cases are about.</summary>
    public IReadOnlyList<PersonGroup> Patients(Texts texts)
    {
        var cases = loader.Patients.ToDictionary(patient => patient.Id, patient => patient.Case, StringComparer.Ordinal);
        var groups = store.Now.Of("Patient").Select(patient => (Patient: patient, Case: cases.GetValueOrDefault(patient.Id, "")))
            .Select(one => (one.Patient, one.Case, Place: CaseWords.Place(one.Case) ?? (Unplaced, Unplaced)))
            .OrderBy(one => one.Place).ThenBy(one => one.Patient.Id, StringComparer.Ordinal)
            .GroupBy(one => one.Place.Group, one => new Person(one.Patient.Id, NameOf(one.Patient.Content!), CaseWords.Of(one.Case, texts.Language))).ToList();
        return [.. groups.Select(group => new PersonGroup(
            group.Key != Unplaced ? CaseWords.Group(group.Key, texts.Language) : groups.Count == 1 ? "" : texts["other-patients"], group.Key == 0, [.. group]))];
    }

    /// <summary>The hospital's own clinicians.</summary>
    public IReadOnlyList<Person> Clinicians(Texts texts) =>
        [.. store.Now.Of("Practitioner").Where(one => !loader.Loaded.Contains(one.Reference)).Select(one => new Person(one.Id, ClinicianName(one.Content!, texts), Profession(one.Content!, texts.Language)))];

    /// <summary>The encounters of a patient, those in progress first.</summary>
    public IReadOnlyList<Encounter> EncountersOf(string patient) =>
        [.. store.Now.Of("Encounter").Where(one => one.Content.TextAt("subject.reference") == $"Patient/{patient}").Select(one => new Encounter(one.Id, one.Content.TextAt("status") ?? "unknown"))
            .OrderByDescending(one => one.IsInProgress)];

    // A title is a word of one language; the profession follows anyway.
    private static string ClinicianName(JsonObject clinician, Texts texts)
    {
        var name = NameOf(clinician);
        return texts.Language != Texts.Languages[0] && clinician.TextAt("name.prefix") is { } title && name.StartsWith($"{title} ", StringComparison.Ordinal) ? name[(title.Length + 1)..] : name;
    }

    // The standard translation extension, beside the English text.
    private static string Profession(JsonObject clinician, string language)
    {
        var translations = clinician.At("qualification.code._text.extension").OfType<JsonObject>()
            .Where(one => one.At("extension").OfType<JsonObject>().Any(part => part.TextAt("url") == "lang" && part.TextAt("valueCode") == language));
        return translations.SelectMany(one => one.At("extension").OfType<JsonObject>()).Select(part => part.TextAt("valueString")).OfType<string>().FirstOrDefault()
            ?? clinician.TextAt("qualification.code.text") ?? "";
    }
}

/// <summary>An encounter that an app may be launched in.</summary>
internal sealed record Encounter(string Id, string Status)
{
    public bool IsInProgress => Status == "in-progress";
}
