using System.Text.Json;

namespace FhirMg.Reasoning.Knowing;

/// <summary>Something that a rule proposes, from an ActivityDefinition.</summary>
/// <param name="Id">Id of the definition, e.g. <c>magnesium-citrate</c>.</param>
/// <param name="Canonical">Its canonical url with version.</param>
/// <param name="Kind">The type of resource that it becomes, e.g. <c>MedicationRequest</c>.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Usage">When and how, for people.</param>
/// <param name="Medication">The medication's code in our code system; null for anything but a medicine.</param>
/// <param name="IsDosed">Whether the definition states a dose (a single one or the most per day).</param>
/// <param name="DoseBasis">Why a dose must be confirmed by the prescriber; null when nothing is to be said.</param>
/// <param name="Json">The definition itself, for what only the FHIR output needs.</param>
public sealed record Activity(
    string Id, string Canonical, string Kind, Text Title, Text? Usage, string? Medication, bool IsDosed, Text? DoseBasis, JsonElement Json);
