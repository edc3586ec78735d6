using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Searching;

/// <summary>Token searches: <c>code</c>, <c>system|code</c>, <c>|code</c>, <c>system|</c>.</summary>
internal static class Tokens
{
    public static Func<JsonNode, bool> Matcher(string value)
    {
        var bar = value.IndexOf('|', StringComparison.Ordinal);
        var (system, code) = bar < 0 ? (null, value) : (value[..bar], value[(bar + 1)..]);
        return node => Codings(node).Any(coding => (code.Length == 0 || Same(coding.Code, code)) && system switch
        {
            null => true,
            "" => coding.System is null,
            _ => coding.System == system,
        });
    }

    public static Func<JsonNode, bool> TextMatcher(string value) => node =>
        node.At("text").Concat(node.At("coding.display")).Concat(node.At("display")).Any(text => text.Text()?.Contains(value, StringComparison.OrdinalIgnoreCase) == true);

    private static bool Same(string? code, string asked) => string.Equals(code, asked, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string? System, string? Code)> Codings(JsonNode node) => node switch
    {
        JsonObject concept when concept.ContainsKey("coding") => concept.At("coding").OfType<JsonObject>().SelectMany(Codings),
        JsonObject coding => [(coding.TextAt("system"), coding.TextAt("code") ?? coding.TextAt("value"))],
        JsonValue value => [(null, value.GetValueKind() is JsonValueKind.True ? "true" : value.GetValueKind() is JsonValueKind.False ? "false" : value.Text())],
        _ => [],
    };
}
