using System.Buffers;
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
internal sealed class CardWriter : IDisposable
{
    private const int LargestResource = 8 * 1024;
    private static readonly JsonEncodedText[] Behaviors = [JsonEncodedText.Encode("any"), JsonEncodedText.Encode("at-most-one")];
    private static readonly JsonEncodedText[] Indicators = [JsonEncodedText.Encode("critical"), JsonEncodedText.Encode("warning"), JsonEncodedText.Encode("info")];
    private readonly Utf8JsonWriter _writer;
    private readonly PooledOutput _resource = new(LargestResource);
    private readonly CardFrame _frame;
    private readonly SuggestedRequests _requests;
    private readonly CardSetting _setting;
    private readonly Assessment _assessment;

    private CardWriter(IBufferWriter<byte> output, Assessment assessment, Language language, CardSetting setting)
    {
        _writer = new(output, CardFrame.Options);
        _frame = CardFrame.Of(assessment.Knowledge, language, setting.PublicUrl);
        _requests = new(assessment, language);
        (_assessment, _setting) = (assessment, setting);
    }

    public static void Write(IBufferWriter<byte> output, IReadOnlyList<Card> cards, Assessment assessment, Language language, CardSetting setting)
    {
        using var writer = new CardWriter(output, assessment, language, setting);
        writer.Write(cards);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _resource.Dispose();
    }

    private void Write(IReadOnlyList<Card> cards)
    {
        _writer.WriteStartObject();
        _writer.WriteStartArray("cards"u8);
        foreach (var card in cards)
        {
            Write(card);
        }

        _writer.WriteEndArray();
        _writer.WriteEndObject();
    }

    private void Write(Card card)
    {
        var id = new CardId(card.Rule, _assessment.Deficiency, _frame.Version, _setting.Patient);
        var uuid = id.In(_setting.HookInstance, card.Part is { } part ? $"{_setting.ServiceId}/{part}" : _setting.ServiceId);
        _writer.WriteStartObject();
        _writer.WriteString("uuid"u8, uuid);
        _writer.WriteString("summary"u8, card.Summary);
        _writer.WriteString("detail"u8, card.Detail);
        _writer.WriteString("indicator"u8, Indicators[(int)card.Indicator]);
        Raw("source"u8, _frame.Source(card.Topic));
        if (card.Suggestions.Count > 0 && _setting.MaySuggest)
        {
            _writer.WriteString("selectionBehavior"u8, Behaviors[card.IsChoice ? 1 : 0]);
            _writer.WriteStartArray("suggestions"u8);
            foreach (var suggestion in card.Suggestions)
            {
                var suggested = id with { Rule = suggestion.Proposal.Rule };
                Write(suggestion, suggested.In(_setting.HookInstance, $"{_setting.ServiceId}/{suggestion.Activity.Id}"));
            }

            _writer.WriteEndArray();
        }

        // What could not be read is no recommendation that somebody could override.
        if (card.Rule is not null)
        {
            Raw("overrideReasons"u8, _frame.OverrideReasons);
        }

        WriteLinks(card, uuid);
        _writer.WriteEndObject();
    }

    private void Write(Suggestion suggestion, Guid uuid)
    {
        var (label, description) = _frame.Suggestion(suggestion.Activity);
        _writer.WriteStartObject();
        _writer.WriteString("label"u8, label);
        _writer.WriteString("uuid"u8, uuid);
        _writer.WriteBoolean("isRecommended"u8, suggestion.IsRecommended);
        _writer.WriteStartArray("actions"u8);
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, "create"u8);
        _writer.WriteString("description"u8, description);
        _resource.Clear();
        _requests.Write(_resource, suggestion.Proposal, suggestion.Activity);
        Raw("resource"u8, _resource.Written);
        _writer.WriteEndObject();
        _writer.WriteEndArray();
        _writer.WriteEndObject();
    }

    private void WriteLinks(Card card, Guid uuid)
    {
        _writer.WriteStartArray("links"u8);
        if (_setting.HasApp)
        {
            _writer.WriteStartObject();
            _writer.WriteString("label"u8, _frame.AppLabel);
            _writer.WriteString("url"u8, _frame.AppUrl);
            _writer.WriteString("type"u8, "smart"u8);
            _writer.WriteString("appContext"u8, $$"""{"rule":"{{card.RuleId}}","card":"{{uuid}}"}""");
            _writer.WriteEndObject();
        }

        _writer.WriteRawValue(_frame.RulesLink, skipInputValidation: true);
        _writer.WriteEndArray();
    }

    private void Raw(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        _writer.WritePropertyName(name);
        _writer.WriteRawValue(json, skipInputValidation: true);
    }
}
