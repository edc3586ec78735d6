using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests;

/// <summary>Where two JSON values differ; numbers compare with a tolerance far below any threshold.</summary>
internal static class JsonDifference
{
    private const double Tolerance = 1e-9;

    public static IReadOnlyList<string> Find(JsonNode? expected, JsonNode? actual, string path = "$")
    {
        switch (expected, actual)
        {
            case (JsonObject left, JsonObject right):
                return [.. left.Select(pair => pair.Key).Union(right.Select(pair => pair.Key))
                    .SelectMany(key => left.ContainsKey(key) != right.ContainsKey(key)
                        ? [$"{path}.{key}: expected {Text(left[key])}, got {Text(right[key])}"]
                        : Find(left[key], right[key], $"{path}.{key}"))];
            case (JsonArray left, JsonArray right) when left.Count == right.Count:
                return [.. left.Zip(right).SelectMany((pair, i) => Find(pair.First, pair.Second, $"{path}[{i}]"))];
            case (JsonValue left, JsonValue right) when IsNumber(left) && IsNumber(right):
                return Near(left.Deserialize<double>(), right.Deserialize<double>()) ? [] : [$"{path}: expected {left}, got {right}"];
            default:
                return JsonNode.DeepEquals(expected, actual) ? [] : [$"{path}: expected {Text(expected)}, got {Text(actual)}"];
        }
    }

    private static bool Near(double left, double right) => Math.Abs(left - right) <= Tolerance * Math.Max(1, Math.Abs(left));

    private static bool IsNumber(JsonValue value) => value.GetValueKind() == JsonValueKind.Number;

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
