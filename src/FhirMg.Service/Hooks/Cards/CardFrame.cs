using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using FhirMg.Service.Api;
using FhirMg.Service.Hosting;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>What all cards of one knowledge in one language share, as JSON that was written once. Threads may share it.</summary>
internal sealed class CardFrame
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly ConditionalWeakTable<Knowledge, ConcurrentDictionary<(Language, string), CardFrame>> Frames = [];
    private readonly ConcurrentDictionary<string, byte[]> _sources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SuggestionFrame> _suggestions = new(StringComparer.Ordinal);
    private readonly Knowledge _knowledge;
    private readonly Language _language;
    private readonly string _rulesUrl;

    private CardFrame(Knowledge knowledge, Language language, string publicUrl)
    {
        (_knowledge, _language) = (knowledge, language);
        _rulesUrl = $"{publicUrl}{RulesPage.Path}?lang={AcceptedLanguage.Tag(language)}";
        Version = CardId.VersionOf(knowledge);
        AppLink = [.. "{\"label\":"u8, .. JsonText.Of(knowledge.Wording["card-link-app"][language]), .. ",\"url\":"u8, .. JsonText.Of($"{publicUrl}/smart/launch"),
            .. ",\"type\":\"smart\",\"appContext\":"u8];
        OverrideReasons = Json(WriteOverrideReasons);
        RulesLink = Json(WriteRulesLink);
    }

    /// <summary>Tag of the knowledge version, see <see cref="CardId"/>.</summary>
    public byte Version { get; }

    /// <summary>The link to the app up to the value of <c>appContext</c>, which ends it.</summary>
    public byte[] AppLink { get; }

    /// <summary>The array of <c>overrideReasons</c>.</summary>
    public byte[] OverrideReasons { get; }

    /// <summary>The link to the rules.</summary>
    public byte[] RulesLink { get; }

    /// <summary>The frame of a knowledge in a language.</summary>
    /// <param name="publicUrl">Where others reach this service, without a slash at the end.</param>
    public static CardFrame Of(Knowledge knowledge, Language language, string publicUrl) =>
        Frames.GetValue(knowledge, _ => new()).GetOrAdd((language, publicUrl), static (key, knowledge) => new(knowledge, key.Item1, key.Item2), knowledge);

    /// <summary>The <c>source</c> of a card about a topic.</summary>
    public byte[] Source(string topic) => _sources.GetOrAdd(topic, static (topic, frame) => Json(writer => frame.WriteSource(writer, topic)), this);

    /// <summary>What the suggestions of an activity share.</summary>
    public SuggestionFrame Suggestion(Activity activity) => _suggestions.GetOrAdd(activity.Id, static (id, of) =>
    {
        var title = of.activity.Title[of.language];
        var description = of.activity is { Medication: not null, Usage: { } usage } ? $"{title}. {usage[of.language]}" : title;
        return new(
            [.. "{\"label\":"u8, .. JsonText.Of(title), .. ",\"uuid\":\""u8],
            [.. "\"actions\":[{\"type\":\"create\",\"description\":"u8, .. JsonText.Of(description), .. ",\"resource\":"u8],
            CardId.PartOf(id));
    }, (activity, language: _language));

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            write(writer);
        }

        return stream.ToArray();
    }

    private void WriteSource(Utf8JsonWriter writer, string topic)
    {
        writer.WriteStartObject();
        writer.WriteString("label"u8, $"FhirMg · {_knowledge.Title[_language]}");
        writer.WriteString("url"u8, _rulesUrl);
        writer.WriteStartObject("topic"u8);
        WriteCoding(writer, "card-topic", topic, _knowledge.CardTopics[topic]);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteOverrideReasons(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var (code, text) in _knowledge.OverrideReasons)
        {
            writer.WriteStartObject();
            WriteCoding(writer, "override-reason", code, text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteRulesLink(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("label"u8, _knowledge.Wording["card-link-rules"][_language]);
        writer.WriteString("url"u8, _rulesUrl);
        writer.WriteString("type"u8, "absolute"u8);
        writer.WriteEndObject();
    }

    private void WriteCoding(Utf8JsonWriter writer, string codeSystem, string code, Text display)
    {
        writer.WriteString("system"u8, $"{_knowledge.CanonicalBase}/CodeSystem/{codeSystem}");
        writer.WriteString("code"u8, code);
        writer.WriteString("display"u8, display[_language]);
    }
}
