using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>What a simulator answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; null for none.</param>
public sealed record Answer(int Status, string? Body = null)
{
    /// <summary>Of the body.</summary>
    public string ContentType { get; init; } = "application/fhir+json; charset=utf-8";

    /// <summary>Besides <c>Content-Type</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body as JSON; null when it is not a JSON object.</summary>
    public JsonObject? Json
    {
        get
        {
            try
            {
                return Body is null ? null : JsonNode.Parse(Body) as JsonObject;
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>An answer with a resource.</summary>
    public static Answer Of(int status, JsonNode resource) => new(status, resource.ToJsonString());

    /// <summary>The same with another header.</summary>
    public Answer With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };

    /// <summary>An error in a vendor's words.</summary>
    public static Answer Error(int status, string text, ErrorStyle style)
    {
        var issue = new JsonArray(new JsonObject { ["severity"] = "error", ["code"] = "processing", ["diagnostics"] = text });
        return style switch
        {
            ErrorStyle.Html => new Answer(status, $"<!DOCTYPE html><html><head><title>{status}</title></head><body><h2>{System.Net.WebUtility.HtmlEncode(text)}</h2></body></html>") { ContentType = "text/html; charset=utf-8" },
            ErrorStyle.Text => new Answer(status, text) { ContentType = "text/plain" },
            ErrorStyle.Message => new Answer(status, new JsonObject { ["message"] = text }.ToJsonString()) { ContentType = "application/json" },
            ErrorStyle.WithoutResourceType => Of(status, new JsonObject { ["issue"] = issue }),
            _ => Of(status, new JsonObject { ["resourceType"] = "OperationOutcome", ["issue"] = issue }),
        };
    }
}
