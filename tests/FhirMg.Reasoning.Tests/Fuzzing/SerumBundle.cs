using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>One patient with one serum magnesium.</summary>
internal static class SerumBundle
{
    public static JsonObject Of(JsonNode quantity, string? birthDate, string sampled, string value = "valueQuantity")
    {
        var patient = new JsonObject { ["resourceType"] = "Patient", ["id"] = "p1" };
        if (birthDate is not null)
        {
            patient["birthDate"] = birthDate;
        }

        return new()
        {
            ["resourceType"] = "Bundle",
            ["entry"] = new JsonArray(
                new JsonObject { ["resource"] = patient },
                new JsonObject
                {
                    ["resource"] = new JsonObject
                    {
                        ["resourceType"] = "Observation",
                        ["id"] = "serum",
                        ["status"] = "final",
                        ["subject"] = new JsonObject { ["reference"] = "Patient/p1" },
                        ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://loinc.org", ["code"] = "2601-3" }) },
                        ["effectiveDateTime"] = sampled,
                        [value] = quantity,
                    },
                }),
        };
    }
}
