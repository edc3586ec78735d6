using System.Globalization;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Ehr;

/// <summary>An order that a clinician may be about to write.</summary>
/// <param name="Code">Its code, by which it is chosen.</param>
internal sealed record Draft(string Code, string English, string Russian, string Text)
{
    public const string Id = "draft-1";

    public static IReadOnlyList<Draft> All { get; } =
        [.. Embedded.Json("drafts").AsArray().Select(one => new Draft(one.TextAt("atc")!, one.TextAt("en")!, one.TextAt("ru")!, one.TextAt("text")!))];

    public string Label(Texts texts) => texts.Language == "ru" ? Russian : English;

    public JsonObject Resource(string patient, string practitioner, DateTimeOffset now) => new()
    {
        ["resourceType"] = "MedicationRequest",
        ["id"] = Id,
        ["status"] = "draft",
        ["intent"] = "order",
        ["medicationCodeableConcept"] = new JsonObject
        {
            ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://www.whocc.no/atc", ["code"] = Code, ["display"] = English }),
            ["text"] = Text,
        },
        ["subject"] = new JsonObject { ["reference"] = $"Patient/{patient}" },
        ["requester"] = new JsonObject { ["reference"] = $"Practitioner/{practitioner}" },
        ["authoredOn"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };
}
