using System.Text.Json;

namespace FhirMg.Fhir.Tokens;

/// <summary>Reads JSON objects of others: what is missing or of another kind is absent.</summary>
internal static class Json
{
    /// <summary>The object that the text is; null when it is none.</summary>
    public static JsonElement? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A property's text, or number as text.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? Text(value) : null;

    /// <summary>The items of a property that is an array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray() : [];

    /// <summary>The texts of a property that is an array.</summary>
    public static IReadOnlySet<string> Texts(this JsonElement element, string name) =>
        element.Items(name).Where(item => item.ValueKind == JsonValueKind.String).Select(Text).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>A property that is an object; an undefined element when there is none.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ToString();
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is no text.
            return null;
        }
    }
}
