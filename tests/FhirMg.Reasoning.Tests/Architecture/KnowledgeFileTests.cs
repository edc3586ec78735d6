using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Architecture;

/// <summary>What the artifacts in <c>profiles/</c> must say: a source for everything, and every text in English and Russian.</summary>
public sealed class KnowledgeFileTests
{
    private const string Translation = "http://hl7.org/fhir/StructureDefinition/translation";

    private static readonly string[] HumanElements =
        ["title", "description", "usage", "purpose", "copyright", "textEquivalent", "display", "text", "citation", "condition", "definition", "comment", "human", "short", "requirements", "question", "instruction", "documentation"];

    // These extensions hold no words for people: versions, labels of sources, stems of names, and translations themselves.
    private static readonly string[] OtherTexts = ["artifact-version", "citation", "study", "name-stem", "name-stem-except", "name-stem-salt", "name-stem-injection", "content"];

    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.Path("profiles"), "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static JsonObject Plan { get; } = Read("PlanDefinition-magnesium-migraine.json");

    private static HashSet<string> Sources { get; } = [.. Plan["relatedArtifact"]!.AsArray().Select(source => (string)source!["label"]!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_text_for_people_is_in_English_and_Russian(string file)
    {
        var missing = new List<string>();
        Walk(Read(file), "$", node => missing.AddRange(Untranslated(node.Object).Select(name => $"{node.Path}.{name}")));
        Assert.Empty(missing);
    }

    [Fact]
    public void A_text_without_translation_is_found()
    {
        var node = JsonNode.Parse("""{"title":"a","display":"b","designation":[{"language":"ru","value":"б"}],"url":"http://x/note-text","valueString":"c"}""")!.AsObject();
        Assert.Equal(["title", "valueString"], Untranslated(node).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_rule_cites_its_sources() => Assert.All(Plan["action"]!.AsArray().SelectMany(section => section!["action"]!.AsArray()), rule => AssertCited(Labels(rule!["documentation"]), (string)rule["prefix"]!));

    [Fact]
    public void Every_threshold_of_a_laboratory_value_cites_its_source()
    {
        var intervals = Objects("ObservationDefinition").SelectMany(definition => definition["qualifiedInterval"]!.AsArray()).ToList();
        Assert.True(intervals.Count > 10);
        Assert.All(intervals, interval => AssertCited(Extensions(interval!, "citation").Select(citation => (string)citation["valueString"]!), interval!.ToJsonString()));
    }

    [Fact]
    public void Every_dose_and_recommendation_cites_its_sources() =>
        Assert.All(Objects("ActivityDefinition"), activity => AssertCited(Labels(activity["relatedArtifact"]), (string)activity["id"]!));

    [Fact]
    public void Every_odds_ratio_names_its_study()
    {
        var ratios = Plan["action"]!.AsArray().SelectMany(section => section!["action"]!.AsArray()).SelectMany(rule => Extensions(rule!, "odds-ratio")).ToList();
        Assert.True(ratios.Count >= 2);
        Assert.All(ratios, ratio => AssertCited([(string)ratio["extension"]!.AsArray().Single(part => (string?)part!["url"] == "study")!["valueString"]!], ratio.ToJsonString()));
    }

    [Fact]
    public void Every_source_has_its_words() => Assert.All(Plan["relatedArtifact"]!.AsArray(), source => Assert.False(string.IsNullOrWhiteSpace((string?)source!["citation"])));

    [Fact]
    public void Every_source_is_cited()
    {
        var cited = new HashSet<string>();
        foreach (var file in Files.Select(row => row.Data))
        {
            Walk(Read(file), "$", node =>
            {
                cited.UnionWith(new[] { node.Object["label"], node.Object["valueString"] }.OfType<JsonValue>().Select(value => value.ToString()).Where(_ => !node.Path.StartsWith("$.relatedArtifact", StringComparison.Ordinal) || file.StartsWith("Activity", StringComparison.Ordinal)));
            });
        }

        Assert.Empty(Sources.Except(cited));
    }

    private static void AssertCited(IEnumerable<string> labels, string what)
    {
        var cited = labels.ToList();
        Assert.True(cited.Count > 0 && cited.TrueForAll(Sources.Contains), $"{what}: cites {string.Join(", ", cited)}");
    }

    private static IEnumerable<string> Labels(JsonNode? list) => list?.AsArray().Select(source => (string)source!["label"]!) ?? [];

    private static IEnumerable<JsonNode> Extensions(JsonNode node, string name) =>
        node["extension"]?.AsArray().Where(extension => ((string)extension!["url"]!).EndsWith($"/{name}", StringComparison.Ordinal)).Select(extension => extension!) ?? [];

    private static IEnumerable<JsonObject> Objects(string type) => Files.Select(row => row.Data).Where(file => file.StartsWith($"{type}-", StringComparison.Ordinal)).Select(Read);

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(Repository.Path("profiles", file)))!.AsObject();

    private static IEnumerable<string> Untranslated(JsonObject node) => node
        .Where(pair => pair.Value is JsonValue value && value.TryGetValue<string>(out _) && (HumanElements.Contains(pair.Key)
            || (pair.Key == "valueString" && !OtherTexts.Contains(((string?)node["url"])?.Split('/')[^1]))))
        .Where(pair => !IsTranslated(node, pair.Key)).Select(pair => pair.Key);

    private static bool IsTranslated(JsonObject node, string element) =>
        node[$"_{element}"] is { } shadow && Extensions(shadow, "translation").Where(extension => (string?)extension["url"] == Translation)
            .Any(extension => extension["extension"]!.AsArray().Any(part => (string?)part!["valueCode"] == "ru") && extension["extension"]!.AsArray().Any(part => IsWritten(part!["valueString"])))
        || (element == "display" && node["designation"] is JsonArray designations && designations.Any(one => (string?)one!["language"] == "ru" && IsWritten(one["value"])));

    private static bool IsWritten(JsonNode? text) => !string.IsNullOrWhiteSpace((string?)text);

    private static void Walk(JsonNode? node, string path, Action<(JsonObject Object, string Path)> visit)
    {
        if (node is JsonObject found)
        {
            visit((found, path));
            foreach (var (key, value) in found)
            {
                Walk(value, $"{path}.{key}", visit);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                Walk(list[i], $"{path}[{i}]", visit);
            }
        }
    }
}
