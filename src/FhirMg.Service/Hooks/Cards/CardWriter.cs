using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>What a response needs beside its cards.</summary>
/// <param name="HookInstance">The call.</param>
/// <param name="ServiceId">The service called.</param>
/// <param name="Patient">Digest of tenant and patient, see <see cref="Store.PatientDigest"/>.</param>
/// <param name="PublicUrl">Where others reach this service, without a slash at the end.</param>
/// <param name="HasApp">Whether the tenant's EHR can launch our app.</param>
/// <param name="MaySuggest">Whether anything may be suggested (write policy).</param>
internal sealed record CardSetting(string HookInstance, string ServiceId, long Patient, string PublicUrl, bool HasApp, bool MaySuggest);

/// <summary>Writes the response of a CDS service (CDS Hooks 2.0): no member is null or empty.</summary>
internal static class CardWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(IBufferWriter<byte> output, IReadOnlyList<Card> cards, Assessment assessment, Language language, CardSetting setting)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteStartArray("cards"u8);
        foreach (var card in cards)
        {
            Write(writer, card, assessment, language, setting);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Card card, Assessment assessment, Language language, CardSetting setting)
    {
        var knowledge = assessment.Knowledge;
        var id = new CardId(card.Rule, assessment.Deficiency, CardId.VersionOf(knowledge), setting.Patient);
        var uuid = id.In(setting.HookInstance, setting.ServiceId);
        writer.WriteStartObject();
        writer.WriteString("uuid"u8, uuid);
        writer.WriteString("summary"u8, card.Summary);
        writer.WriteString("detail"u8, card.Detail);
        writer.WriteString("indicator"u8, card.Indicator switch
        {
            Indicator.Critical => "critical"u8,
            Indicator.Warning => "warning"u8,
            _ => "info"u8,
        });
        WriteSource(writer, card, knowledge, language, setting);
        if (card.Suggestions.Count > 0 && setting.MaySuggest)
        {
            writer.WriteString("selectionBehavior"u8, card.IsChoice ? "at-most-one"u8 : "any"u8);
            writer.WriteStartArray("suggestions"u8);
            foreach (var suggestion in card.Suggestions)
            {
                var suggested = id with { Rule = suggestion.Proposal.Rule };
                Write(writer, suggestion, suggested.In(setting.HookInstance, $"{setting.ServiceId}/{suggestion.Activity.Id}"), assessment, language);
            }

            writer.WriteEndArray();
        }

        // What could not be read is no recommendation that somebody could override.
        if (card.Rule is not null)
        {
            WriteOverrideReasons(writer, knowledge, language);
        }

        WriteLinks(writer, card, uuid, knowledge, language, setting);
        writer.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter writer, Card card, Knowledge knowledge, Language language, CardSetting setting)
    {
        writer.WriteStartObject("source"u8);
        writer.WriteString("label"u8, $"FhirMg · {knowledge.Title[language]}");
        writer.WriteString("url"u8, RulesUrl(knowledge, setting));
        writer.WriteStartObject("topic"u8);
        WriteCoding(writer, knowledge, "card-topic", card.Topic, knowledge.CardTopics[card.Topic][language]);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Suggestion suggestion, Guid uuid, Assessment assessment, Language language)
    {
        var title = suggestion.Activity.Title[language];
        writer.WriteStartObject();
        writer.WriteString("label"u8, title);
        writer.WriteString("uuid"u8, uuid);
        writer.WriteBoolean("isRecommended"u8, suggestion.IsRecommended);
        writer.WriteStartArray("actions"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "create"u8);
        writer.WriteString("description"u8, suggestion.Activity is { Medication: not null, Usage: { } usage } ? $"{title}. {usage[language]}" : title);
        writer.WritePropertyName("resource"u8);
        var resource = new ArrayBufferWriter<byte>();
        SuggestedRequests.Write(resource, assessment, suggestion.Proposal, suggestion.Activity, language);
        writer.WriteRawValue(resource.WrittenSpan, skipInputValidation: true);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOverrideReasons(Utf8JsonWriter writer, Knowledge knowledge, Language language)
    {
        writer.WriteStartArray("overrideReasons"u8);
        foreach (var (code, text) in knowledge.OverrideReasons)
        {
            writer.WriteStartObject();
            WriteCoding(writer, knowledge, "override-reason", code, text[language]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLinks(Utf8JsonWriter writer, Card card, Guid uuid, Knowledge knowledge, Language language, CardSetting setting)
    {
        writer.WriteStartArray("links"u8);
        if (setting.HasApp)
        {
            writer.WriteStartObject();
            writer.WriteString("label"u8, knowledge.Wording["card-link-app"][language]);
            writer.WriteString("url"u8, $"{setting.PublicUrl}/smart/launch");
            writer.WriteString("type"u8, "smart"u8);
            writer.WriteString("appContext"u8, $$"""{"rule":"{{card.RuleId}}","card":"{{uuid}}"}""");
            writer.WriteEndObject();
        }

        writer.WriteStartObject();
        writer.WriteString("label"u8, knowledge.Wording["card-link-rules"][language]);
        writer.WriteString("url"u8, RulesUrl(knowledge, setting));
        writer.WriteString("type"u8, "absolute"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteCoding(Utf8JsonWriter writer, Knowledge knowledge, string codeSystem, string code, string display)
    {
        writer.WriteString("system"u8, $"{knowledge.CanonicalBase}/CodeSystem/{codeSystem}");
        writer.WriteString("code"u8, code);
        writer.WriteString("display"u8, display);
    }

    private static string RulesUrl(Knowledge knowledge, CardSetting setting) => $"{setting.PublicUrl}/fhir/PlanDefinition{knowledge.Url[knowledge.Url.LastIndexOf('/')..]}";
}
