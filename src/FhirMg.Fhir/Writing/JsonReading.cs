using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Fhir.Writing;

/// <summary>Reads JSON of which nobody promises that it is FHIR.</summary>
internal static class JsonReading
{
    // What has a member twice could be read in two ways, so it is not read.
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The object of a body; null when it is none.</summary>
    public static JsonObject? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return body.IsEmpty ? null : JsonNode.Parse(body, documentOptions: Options) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(this JsonNode? node, string name) =>
        Member(node, name) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static JsonNode? Member(this JsonNode? node, string name) => node is JsonObject members && members.TryGetPropertyValue(name, out var value) ? value : null;

    /// <summary>The items of an array; a single value counts as one.</summary>
    public static IEnumerable<JsonNode> Items(this JsonNode? node, string name) => Member(node, name) switch
    {
        JsonArray array => array.OfType<JsonNode>(),
        { } single => [single],
        null => [],
    };

    /// <summary>The extensions with this url.</summary>
    public static IEnumerable<JsonNode> Extensions(this JsonNode? node, string url) => node.Items("extension").Where(extension => extension.Text("url") == url);
}
