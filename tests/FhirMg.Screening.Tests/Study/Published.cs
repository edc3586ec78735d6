using System.Text.Json.Nodes;

namespace FhirMg.Screening.Tests.Study;

/// <summary>Reads what a summary publishes, as a stranger would.</summary>
internal static class Published
{
    public static IEnumerable<long> Counts(JsonNode? node) => Objects(node).Where(one => one["count"] is not null).Select(one => (long)one["count"]!);

    /// <summary>Hides small counts, and their shares, and nothing else.</summary>
    public static void HideSmall(JsonObject summary, int least)
    {
        foreach (var one in Objects(summary["tables"]).ToList())
        {
            if (one["count"] is { } count && (long)count > 0 && (long)count < least)
            {
                one.Remove("count");
                one.Remove("percent");
                one["hidden"] = true;
            }
        }
    }

    public static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(pair => Objects(pair.Value)).Prepend(one),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };
}
