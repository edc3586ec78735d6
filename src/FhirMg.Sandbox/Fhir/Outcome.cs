using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Fhir;

/// <summary>OperationOutcomes.</summary>
internal static class Outcome
{
    public static JsonObject Of(string severity, string code, string diagnostics) => new()
    {
        ["resourceType"] = "OperationOutcome",
        ["issue"] = new JsonArray(new JsonObject { ["severity"] = severity, ["code"] = code, ["diagnostics"] = diagnostics }),
    };

    public static JsonObject Of(FhirException refusal) => Of("error", refusal.Code, refusal.Message);
}
