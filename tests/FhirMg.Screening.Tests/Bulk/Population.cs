using System.Text.Json.Nodes;

namespace FhirMg.Screening.Tests.Bulk;

/// <summary>A small population.</summary>
internal static class Population
{
    public static IReadOnlyList<JsonObject> Of(int patients) => [.. Enumerable.Range(1, patients).SelectMany(number => new[]
    {
        Resource("Patient", $"p{number}", null, ("birthDate", "1980-05-05")),
        Resource("Observation", $"o{number}", number, ("status", "final"), ("effectiveDateTime", "2026-11-02"),
            ("code", Concept("http://loinc.org", "2601-3")),
            ("valueQuantity", new JsonObject { ["value"] = 0.61, ["system"] = "http://unitsofmeasure.org", ["code"] = "mmol/L", ["unit"] = "mmol/L" })),
        Resource("Condition", $"c{number}", number, ("code", Concept("http://hl7.org/fhir/sid/icd-10", "G43.0"))),
    })];

    public static IReadOnlyList<string> Names(IEnumerable<JsonObject> resources) =>
        [.. resources.Select(resource => $"{resource["resourceType"]}/{resource["id"]}").Order(StringComparer.Ordinal)];

    public static JsonObject Resource(string type, string id, int? patient, params (string Name, JsonNode Value)[] elements)
    {
        var resource = new JsonObject { ["resourceType"] = type, ["id"] = id };
        if (patient is not null)
        {
            resource["subject"] = new JsonObject { ["reference"] = $"Patient/p{patient}" };
        }

        foreach (var (name, value) in elements)
        {
            resource[name] = value;
        }

        return resource;
    }

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };
}
