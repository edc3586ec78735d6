using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FhirMg.Sandbox.Fhir;

/// <summary>The little that is checked of a resource before it is stored: form, and the elements that R4 requires of orders and results.</summary>
internal static partial class ResourceCheck
{
    private static readonly Dictionary<string, string[]> Required = new(StringComparer.Ordinal)
    {
        ["CommunicationRequest"] = ["status"],
        ["DetectedIssue"] = ["status"],
        ["MedicationRequest"] = ["status", "intent", "subject", "medicationCodeableConcept|medicationReference"],
        ["MedicationStatement"] = ["status", "subject", "medicationCodeableConcept|medicationReference"],
        ["Observation"] = ["status", "code"],
        ["Provenance"] = ["target", "recorded", "agent"],
        ["QuestionnaireResponse"] = ["status"],
        ["RequestGroup"] = ["status", "intent"],
        ["RiskAssessment"] = ["status", "subject"],
        ["ServiceRequest"] = ["status", "intent", "subject"],
        ["Task"] = ["status", "intent"],
    };

    /// <exception cref="FhirException">The body is no JSON object (400).</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var parsed = JsonNode.Parse(body, documentOptions: new() { MaxDepth = 64 }) as JsonObject ?? throw FhirException.Invalid("The body is no JSON object.");
            // Reading every member finds those that are named twice.
            _ = parsed.ToJsonString();
            _ = parsed.DeepClone();
            return parsed;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FhirException(StatusCodes.Status400BadRequest, "structure", $"The body is no JSON: {e.Message}");
        }
    }

    /// <exception cref="FhirException">The resource cannot be stored as this type (400, 422).</exception>
    public static void Require(string type, JsonObject body)
    {
        if (body.TextAt("resourceType") is var given && given != type)
        {
            throw FhirException.Invalid($"A {type} is expected, and the body is a '{given}'.");
        }

        var missing = Required.GetValueOrDefault(type, []).Where(elements => !elements.Split('|').Any(body.ContainsKey)).ToList();
        if (missing.Count > 0)
        {
            throw new FhirException(StatusCodes.Status422UnprocessableEntity, "required", $"{type} lacks {string.Join(", ", missing)}.");
        }
    }

    /// <exception cref="FhirException">The body has another id, or it is none (400).</exception>
    public static void RequireId(JsonObject body, string id)
    {
        if (!Id().IsMatch(id))
        {
            throw FhirException.Invalid($"'{id}' is no id: up to 64 letters, digits, '-' and '.'.");
        }

        if (body.TextAt("id") is var given && given != id)
        {
            throw FhirException.Invalid($"The address names {id}, and the body's id is '{given}'.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9\-.]{1,64}$")]
    private static partial Regex Id();
}
