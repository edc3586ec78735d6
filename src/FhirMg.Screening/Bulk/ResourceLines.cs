using System.Text.Json;

namespace FhirMg.Screening.Bulk;

/// <summary>What a server answered, as NDJSON.</summary>
internal static class ResourceLines
{
    /// <summary>The resources of Bundles, and what is no Bundle, each on a line.</summary>
    /// <exception cref="JsonException">One of them is no JSON.</exception>
    public static MemoryStream Of(IReadOnlyList<ReadOnlyMemory<byte>> pages)
    {
        var lines = new MemoryStream();
        using var writer = new Utf8JsonWriter(lines, new() { SkipValidation = true });
        foreach (var page in pages)
        {
            using var document = JsonDocument.Parse(page);
            var isBundle = document.RootElement.TryGetProperty("resourceType", out var type) && type.ValueEquals("Bundle");
            foreach (var resource in isBundle ? Entries(document.RootElement) : [document.RootElement])
            {
                resource.WriteTo(writer);
                writer.Flush();
                lines.WriteByte((byte)'\n');
                writer.Reset(lines);
            }
        }

        return lines;
    }

    private static IEnumerable<JsonElement> Entries(JsonElement bundle) =>
        bundle.TryGetProperty("entry", out var entries) && entries.ValueKind == JsonValueKind.Array
            ? entries.EnumerateArray().Select(entry => entry.TryGetProperty("resource", out var resource) ? resource : default)
                .Where(resource => resource.ValueKind == JsonValueKind.Object && !(resource.TryGetProperty("resourceType", out var type) && type.ValueEquals("OperationOutcome")))
            : [];
}
