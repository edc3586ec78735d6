using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Fhir;

/// <summary>Reads elements of resources of any shape: what is not there, or of another kind, yields nothing.</summary>
internal static class JsonPath
{
    /// <summary>All nodes at a dotted path, arrays flattened.</summary>
    public static IEnumerable<JsonNode> At(this JsonNode? node, string path)
    {
        IEnumerable<JsonNode> nodes = Flat(node);
        foreach (var name in path.Split('.'))
        {
            nodes = nodes.OfType<JsonObject>().SelectMany(parent => Flat(parent.TryGetPropertyValue(name, out var child) ? child : null));
        }

        return nodes;
    }

    /// <summary>The text of a node; null when it is no string.</summary>
    public static string? Text(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>The first text at a path; null when there is none.</summary>
    public static string? TextAt(this JsonNode? node, string path) => node.At(path).Select(Text).OfType<string>().FirstOrDefault();

    /// <summary>Calls for every <c>reference</c> text below a node, which may set another.</summary>
    public static void RewriteReferences(JsonNode? node, Func<string, string> rewrite)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                RewriteReferences(item, rewrite);
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var (_, child) in members.ToList())
            {
                RewriteReferences(child, rewrite);
            }

            if (members.TryGetPropertyValue("reference", out var reference) && reference.Text() is { } text && rewrite(text) is var changed && changed != text)
            {
                members["reference"] = changed;
            }
        }
    }

    private static IEnumerable<JsonNode> Flat(JsonNode? node) => node switch
    {
        null => [],
        JsonArray items => items.OfType<JsonNode>().SelectMany(Flat),
        _ => [node],
    };
}
