using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Searching;

/// <summary>Reference searches: an id, <c>Type/id</c>, or an absolute url of this server.</summary>
internal static class References
{
    public static Func<JsonNode, bool> Matcher(string value, string? type, string parameter, ServerAddress address)
    {
        var asked = address.Relative(value);
        type ??= parameter == "patient" && !asked.Contains('/', StringComparison.Ordinal) ? "Patient" : null;
        if (type is not null && !asked.Contains('/', StringComparison.Ordinal))
        {
            asked = $"{type}/{asked}";
        }

        return asked.Contains('/', StringComparison.Ordinal)
            ? node => Target(node, address) == asked && (parameter != "patient" || asked.StartsWith("Patient/", StringComparison.Ordinal))
            : node => Target(node, address) is { } target && target[(target.LastIndexOf('/') + 1)..] == asked;
    }

    public static Func<JsonNode, bool> IdentifierMatcher(string value)
    {
        var matches = Tokens.Matcher(value);
        return node => node.At("identifier").Any(matches);
    }

    /// <summary>What a reference points at, as <c>Type/id</c> without a version; null when it names nothing.</summary>
    public static string? Target(JsonNode node, ServerAddress address) => node.TextAt("reference") is { } text ? address.Relative(text) : null;
}
