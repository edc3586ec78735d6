using System.Text.Json.Nodes;
using FhirMg.Sandbox.Access;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Ehr;

/// <summary>The first lines of a chart, as an EHR shows them.</summary>
/// <param name="Conditions">Newest first, like the others.</param>
internal sealed record ChartSummary(IReadOnlyList<string> Conditions, IReadOnlyList<string> Results, IReadOnlyList<string> Medicines)
{
    private const int Most = 6;
    private const int DateLength = 10;
    private static readonly string[] Names = ["code.text", "code.coding.display", "code.coding.code", "medicationCodeableConcept.text", "medicationCodeableConcept.coding.display", "medicationCodeableConcept.coding.code"];
    private static readonly string[] Dates = ["effectiveDateTime", "effectivePeriod.start", "issued", "authoredOn", "onsetDateTime", "recordedDate"];

    public static ChartSummary Of(string patient, StoreState state, ServerAddress address)
    {
        IReadOnlyList<string> Lines(params string[] types) =>
            [.. types.SelectMany(state.Of).Where(one => Compartment.Holds(one, patient, address) == true).Select(one => (Date: Date(one.Content!), Text: Name(one.Content!) + Value(one.Content!)))
                .Where(one => one.Text.Length > 0).OrderByDescending(one => one.Date, StringComparer.Ordinal).Take(Most).Select(one => one.Date.Length > 0 ? $"{one.Text} ({one.Date})" : one.Text)];
        return new(Lines("Condition"), Lines("Observation"), Lines("MedicationRequest", "MedicationStatement", "MedicationAdministration"));
    }

    private static string Name(JsonObject resource) => Names.Select(path => resource.TextAt(path)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";

    private static string Date(JsonObject resource) => Dates.Select(path => resource.TextAt(path)).OfType<string>().Select(text => text.Length > DateLength ? text[..DateLength] : text).FirstOrDefault() ?? "";

    private static string Value(JsonObject resource)
    {
        var value = resource.At("valueQuantity.value").FirstOrDefault()?.ToString() ?? resource.TextAt("valueString") ?? resource.TextAt("valueCodeableConcept.text");
        return value is null ? "" : $": {resource.TextAt("valueQuantity.comparator")}{value} {resource.TextAt("valueQuantity.unit") ?? resource.TextAt("valueQuantity.code")}".TrimEnd();
    }
}
