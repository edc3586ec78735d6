using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FhirMg.Screening.Bulk;

/// <summary>A file that an export consists of.</summary>
/// <param name="Type">The resource type; empty when not said.</param>
/// <param name="Url">Where it is, absolute.</param>
/// <param name="Count">How many resources it holds; null when not said.</param>
internal sealed record ExportFile(string Type, Uri Url, long? Count)
{
    /// <summary>Where it is, whatever signature the link carries.</summary>
    [JsonIgnore]
    public string Place => Url.GetLeftPart(UriPartial.Path);
}

/// <summary>What a finished export consists of (Bulk Data 2.0, "Response - Complete Status").</summary>
internal sealed record ExportManifest
{
    public required DateTimeOffset? TransactionTime { get; init; }

    /// <summary>Whether the files want the server's token.</summary>
    public required bool RequiresAccessToken { get; init; }

    public required IReadOnlyList<ExportFile> Output { get; init; }

    /// <summary>Bundles of DELETE entries: resources that no longer are.</summary>
    public required IReadOnlyList<ExportFile> Deleted { get; init; }

    /// <summary>OperationOutcomes about what could not be exported.</summary>
    public required IReadOnlyList<ExportFile> Error { get; init; }

    /// <summary>The manifest's next page; null on the last.</summary>
    public Uri? Next { get; init; }

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The answer's body.</param>
    /// <param name="status">Where it came from; relative links count from there.</param>
    /// <param name="problem">What keeps it from being read; null when it was.</param>
    public static ExportManifest? Read(ReadOnlyMemory<byte> json, Uri status, out string? problem)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("output", out var output) || output.ValueKind != JsonValueKind.Array)
            {
                problem = "it has no list of files (output)";
                return null;
            }

            problem = null;
            return new()
            {
                TransactionTime = root.TryGetProperty("transactionTime", out var time) && time.ValueKind == JsonValueKind.String
                    && DateTimeOffset.TryParse(time.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
                RequiresAccessToken = !root.TryGetProperty("requiresAccessToken", out var token) || token.ValueKind != JsonValueKind.False,
                Output = Files(root, "output", status),
                Deleted = Files(root, "deleted", status),
                Error = Files(root, "error", status),
                Next = Link(root, status),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or UriFormatException)
        {
            problem = "it is no manifest in JSON";
            return null;
        }
    }

    /// <summary>The two as one.</summary>
    public ExportManifest With(ExportManifest page) => this with
    {
        Output = [.. Output, .. page.Output],
        Deleted = [.. Deleted, .. page.Deleted],
        Error = [.. Error, .. page.Error],
        Next = page.Next,
    };

    private static List<ExportFile> Files(JsonElement root, string name, Uri status)
    {
        var files = new List<ExportFile>();
        if (root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var file in list.EnumerateArray())
            {
                files.Add(new(
                    file.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "",
                    new Uri(status, file.GetProperty("url").GetString() ?? throw new UriFormatException()),
                    file.TryGetProperty("count", out var count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out var number) && number >= 0 ? number : null));
            }
        }

        return files;
    }

    private static Uri? Link(JsonElement root, Uri status)
    {
        if (root.TryGetProperty("link", out var links) && links.ValueKind == JsonValueKind.Array)
        {
            foreach (var link in links.EnumerateArray())
            {
                if (link.TryGetProperty("relation", out var relation) && relation.ValueEquals("next") && link.TryGetProperty("url", out var url))
                {
                    return new Uri(status, url.GetString() ?? throw new UriFormatException());
                }
            }
        }

        return null;
    }
}
