using System.Text.Json;
using FhirMg.Service.Errors;
using FhirMg.Service.Store;

namespace FhirMg.Service.Hooks.Feedback;

/// <summary>One entry of a feedback request.</summary>
/// <param name="Card">The card.</param>
/// <param name="IsOverridden">Whether it was overridden; else accepted.</param>
/// <param name="Suggestions">The suggestions accepted.</param>
/// <param name="ReasonSystem">System of the reason; null for none.</param>
/// <param name="ReasonCode">Code of the reason; null for none.</param>
/// <param name="Comment">What the person wrote; null for nothing.</param>
/// <param name="DecidedAt">When the person decided; null when not said.</param>
internal sealed record FeedbackEntry(
    Guid Card, bool IsOverridden, IReadOnlyList<Guid> Suggestions, string? ReasonSystem, string? ReasonCode, string? Comment, DateTimeOffset? DecidedAt);

/// <summary>Reads the body of a feedback request.</summary>
internal static class FeedbackReader
{
    private const int Most = 1000;

    /// <exception cref="RequestException">It is no feedback; the message says why.</exception>
    public static IReadOnlyList<FeedbackEntry> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("feedback", out var list)
                && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is > 0 and <= Most
                ? [.. list.EnumerateArray().Select(Entry)]
                : throw new RequestException($"feedback must be an array of 1 to {Most} entries");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RequestException("the body is no valid JSON of a feedback request", e);
        }
    }

    private static FeedbackEntry Entry(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || !Guid.TryParse(Text(entry, "card"), out var card))
        {
            throw new RequestException("feedback.card must be the uuid of a card");
        }

        var outcome = Text(entry, "outcome");
        if (outcome is not ("accepted" or "overridden"))
        {
            throw new RequestException("feedback.outcome must be accepted or overridden");
        }

        var why = entry.TryGetProperty("overrideReason", out var reason) && reason.ValueKind == JsonValueKind.Object ? reason : default;
        var coding = why.ValueKind == JsonValueKind.Object && why.TryGetProperty("reason", out var code) && code.ValueKind == JsonValueKind.Object ? code : default;
        return new(card, outcome == "overridden", [.. Suggestions(entry)], StoredText.Of(Text(coding, "system"), CardFeedbackTable.LongestName), StoredText.Of(Text(coding, "code"), CardFeedbackTable.LongestName),
            StoredText.Of(Text(why, "userComment"), CardFeedbackTable.LongestComment),
            DateTimeOffset.TryParse(Text(entry, "outcomeTimestamp"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var when) ? when : null);
    }

    private static IEnumerable<Guid> Suggestions(JsonElement entry)
    {
        if (!entry.TryGetProperty("acceptedSuggestions", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var one in list.EnumerateArray())
        {
            if (one.ValueKind == JsonValueKind.Object && Guid.TryParse(Text(one, "id"), out var id))
            {
                yield return id;
            }
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
