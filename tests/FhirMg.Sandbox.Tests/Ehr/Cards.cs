using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Tests.Ehr;

/// <summary>Cards for the EHR page to show.</summary>
internal static class Cards
{
    public const string Uuid = "11111111-1111-4111-8111-111111111111";
    public const string SuggestionUuid = "22222222-2222-4222-8222-222222222222";

    /// <summary>One of each kind, with all that cards may have.</summary>
    public static JsonArray All(string patient) =>
    [
        new JsonObject
        {
            ["uuid"] = Uuid,
            ["summary"] = "Magnesium citrate may help",
            ["indicator"] = "warning",
            ["source"] = new JsonObject { ["label"] = "The rules", ["url"] = "https://example.org/rules" },
            ["detail"] = "**Why**\n\n- serum is _low_\n- see [the study](https://example.org/study)\n\n1. first\n2. second with `code`",
            ["selectionBehavior"] = "at-most-one",
            ["suggestions"] = new JsonArray(Suggestion(SuggestionUuid, "Order citrate", patient, "Magnesium citrate"), Suggestion("33333333-3333-4333-8333-333333333333", "Order lactate", patient, "Magnesium lactate")),
            ["overrideReasons"] = new JsonArray(
                new JsonObject { ["code"] = "not-now", ["system"] = "urn:test", ["display"] = "Not now" }, new JsonObject { ["code"] = "refused", ["system"] = "urn:test", ["display"] = "The patient refuses" }),
            ["links"] = new JsonArray(
                new JsonObject { ["label"] = "Open the app", ["type"] = "smart", ["url"] = "https://elsewhere.example.org/launch", ["appContext"] = "card=1" },
                new JsonObject { ["label"] = "Guideline", ["type"] = "absolute", ["url"] = "https://example.org/guideline" }),
        },
        new JsonObject { ["summary"] = "A note", ["indicator"] = "info", ["source"] = new JsonObject { ["label"] = "The rules" } },
        new JsonObject { ["uuid"] = "44444444-4444-4444-8444-444444444444", ["summary"] = "Review at once", ["indicator"] = "critical", ["source"] = new JsonObject { ["label"] = "The rules" } },
    ];

    /// <summary>A card whose every text tries to become HTML or a script.</summary>
    public static JsonArray Hostile(string attack) =>
    [
        new JsonObject
        {
            ["uuid"] = attack,
            ["summary"] = attack,
            ["indicator"] = attack,
            ["source"] = new JsonObject { ["label"] = attack, ["url"] = "javascript:document.title='taken'" },
            ["detail"] = $"{attack}\n\n**{attack}**\n\n- [{attack}](javascript:alert(1))\n- [x](https://example.org/\"onmouseover=\"document.title='taken')\n\n# {attack}\n\n`{attack}`",
            ["suggestions"] = new JsonArray(new JsonObject { ["label"] = attack, ["uuid"] = attack, ["actions"] = new JsonArray() }),
            ["overrideReasons"] = new JsonArray(new JsonObject { ["code"] = attack, ["system"] = attack, ["display"] = attack }),
            ["links"] = new JsonArray(new JsonObject { ["label"] = attack, ["type"] = "absolute", ["url"] = "javascript:document.title='taken'" }, new JsonObject { ["label"] = attack, ["type"] = attack, ["url"] = "data:text/html,<script>1</script>" }),
        },
    ];

    private static JsonObject Suggestion(string uuid, string label, string patient, string medicine) => new()
    {
        ["label"] = label,
        ["uuid"] = uuid,
        ["isRecommended"] = label.Contains("citrate"),
        ["actions"] = new JsonArray(new JsonObject
        {
            ["type"] = "create",
            ["description"] = label,
            ["resource"] = new JsonObject
            {
                ["resourceType"] = "MedicationRequest",
                ["status"] = "draft",
                ["intent"] = "proposal",
                ["medicationCodeableConcept"] = new JsonObject { ["text"] = medicine },
                ["subject"] = new JsonObject { ["reference"] = $"Patient/{patient}" },
            },
        }),
    };
}
