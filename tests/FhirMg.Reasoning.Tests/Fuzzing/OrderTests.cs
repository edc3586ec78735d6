using System.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>Neither the order of resources nor how they are sent changes a report.</summary>
public sealed class OrderTests
{
    private const int Shuffles = 5;

    [Fact]
    public void Shuffled_samples_give_the_same_reports() => AssertShuffled(Corpus.Samples.Values.Select(sample => (JsonNode.Parse(sample)!, ReportOf.AsOf)), atLeast: 100);

    [Fact]
    public void Shuffled_generated_documents_give_the_same_reports() => AssertShuffled(Corpus.Generated(seed: 11).Take(1_000), atLeast: 500);

    [Fact]
    public void Samples_sent_as_lines_give_the_same_reports() => AssertLines(Corpus.Samples.Values.Select(sample => (JsonNode.Parse(sample)!, ReportOf.AsOf)), atLeast: 100);

    [Fact]
    public void Generated_documents_sent_as_lines_give_the_same_reports() => AssertLines(Corpus.Generated(seed: 12).Take(3_000), atLeast: 200);

    private static void AssertShuffled(IEnumerable<(JsonNode Document, DateTimeOffset AsOf)> documents, int atLeast)
    {
        var random = new Random(5);
        var tried = 0;
        foreach (var (document, asOf) in documents.Where(one => IsBundle(one.Document) && !HasVersions(one.Document)))
        {
            tried++;
            var expected = Reports(Name(document), asOf, "test.json");
            for (var i = 0; i < Shuffles; i++)
            {
                var shuffled = Name(document);
                var entries = shuffled["entry"]!.AsArray().Select(entry => entry!.DeepClone()).ToArray();
                random.Shuffle(entries);
                shuffled["entry"] = new JsonArray(entries);
                Assert.Equal(expected, Reports(shuffled, asOf, "test.json"));
            }
        }

        Assert.True(tried >= atLeast, $"only {tried} documents");
    }

    private static void AssertLines(IEnumerable<(JsonNode Document, DateTimeOffset AsOf)> documents, int atLeast)
    {
        var tried = 0;
        foreach (var (document, asOf) in documents.Where(one => IsBundle(one.Document) && !HasVersions(one.Document) && AllRelative(one.Document)))
        {
            tried++;
            var named = Name(document);
            var lines = string.Join('\n', named["entry"]!.AsArray().Select(entry => entry!["resource"]!.ToJsonString()));
            Assert.Equal(Reports(named, asOf, "test.json"), Reports(ReportOf.Json(Encoding.UTF8.GetBytes(lines), asOf, "test.ndjson")));
        }

        Assert.True(tried >= atLeast, $"only {tried} documents");
    }

    private static bool IsBundle(JsonNode document) => document is JsonObject && (string?)document["type"] == "collection";

    // Of two resources with one id the later counts: there order has a meaning.
    private static bool HasVersions(JsonNode document) => document["entry"]!.AsArray().Select(entry => entry!["resource"]!)
        .Where(resource => resource["id"] is not null).GroupBy(resource => $"{resource["resourceType"]}/{resource["id"]}").Any(group => group.Count() > 1);

    // A line has no fullUrl, so references that need one cannot resolve.
    private static bool AllRelative(JsonNode document) => References(document).All(reference => !reference.Contains(':', StringComparison.Ordinal));

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(pair => pair.Key == "reference" && pair.Value is JsonValue value && value.TryGetValue<string>(out var text) ? [text] : References(pair.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };

    // A resource without id is named by its place, which is what changes.
    private static JsonNode Name(JsonNode document)
    {
        document = document.DeepClone();
        var index = 0;
        foreach (var entry in document["entry"]!.AsArray())
        {
            var resource = entry!["resource"]!.AsObject();
            if (resource["id"] is null)
            {
                resource["id"] = $"unnamed{index}";
            }

            index++;
        }

        return document;
    }

    private static string Reports(JsonNode document, DateTimeOffset asOf, string source) => Reports(ReportOf.Json(Encoding.UTF8.GetBytes(document.ToJsonString()), asOf, source));

    private static string Reports(JsonObject reports) =>
        string.Join('\n', reports["reports"]!.AsArray().Select(report => report!.ToJsonString()).Order(StringComparer.Ordinal));
}
