using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Tests.Architecture;

/// <summary>Knowledge that misses something is refused at start, naming file and element.</summary>
public sealed class RefusalTests
{
    private const string Plan = "PlanDefinition-magnesium-migraine.json";
    private const string Serum = "ObservationDefinition-serum-magnesium.json";
    private const string Units = "CodeSystem-magnesium-unit.json";

    public static TheoryData<string> Required => [.. Knowledge.IncludedFiles().Select(file => file.Name).Where(name => !IsOptional(name)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Copies_that_nothing_was_done_to_load() => Assert.Equal(Knowledge.BuiltIn.Canonical, Knowledge.Load(Knowledge.IncludedFiles()).Canonical);

    [Theory]
    [MemberData(nameof(Required))]
    public void A_missing_file_is_named(string name)
    {
        var refusal = Assert.Throws<KnowledgeException>(() => Knowledge.Load(Knowledge.IncludedFiles().Where(file => file.Name != name)));

        // An activity is missed by the plan that proposes it.
        Assert.Contains(name.StartsWith("ActivityDefinition-", StringComparison.Ordinal) ? name["ActivityDefinition-".Length..^".json".Length] : name, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Plan, "title")]
    [InlineData("ActivityDefinition-magnesium-citrate.json", "title")]
    [InlineData("ActivityDefinition-magnesium-citrate.json", "usage")]
    [InlineData("ValueSet-migraine.json", "title")]
    public void A_missing_translation_is_named(string file, string element) =>
        Refused(file, root => root.Remove($"_{element}"), element);

    [Fact]
    public void A_missing_translation_of_a_rule_is_named() => Refused(Plan, root => Rule(root, "RX-1").Remove("_textEquivalent"), "textEquivalent");

    [Fact]
    public void A_missing_translation_of_a_question_is_named() =>
        Refused("Questionnaire-magnesium-deficiency-manifestations.json", root => root["item"]![0]!.AsObject().Remove("_text"), "item[0].text");

    [Fact]
    public void A_missing_translation_of_a_word_is_named() => Refused("CodeSystem-wording.json", root => root["concept"]![0]!.AsObject().Remove("designation"), "concept[0]");

    [Fact]
    public void A_renamed_criterion_is_named() =>
        Refused(Plan, root => Rule(root, "RX-1")["condition"]![0]!["expression"]!["expression"] = "SomethingElse", "RX-1", "SomethingElse");

    [Fact]
    public void A_criterion_that_is_not_named_is_missed() => Refused(Plan, root => Rule(root, "SAFE-1").Remove("condition"), "SAFE-1", "SevereRenalImpairment");

    [Fact]
    public void A_missing_rule_is_named() => Refused(Plan, root => Section(root, "SAFE-9").Remove(Rule(root, "SAFE-9")), "SAFE-9");

    [Fact]
    public void An_unknown_source_of_a_rule_is_named() => Refused(Plan, root => Rule(root, "RX-1")["documentation"]![0]!["label"] = "A:999", "documentation[0].label", "A:999");

    [Fact]
    public void A_rule_without_source_is_named() => Refused(Plan, root => Rule(root, "RX-1").Remove("documentation"), "RX-1");

    [Fact]
    public void An_unknown_source_of_an_activity_is_named() =>
        Refused("ActivityDefinition-magnesium-citrate.json", root => root["relatedArtifact"]![0]!["label"] = "A:999", "relatedArtifact[0].label", "A:999");

    [Fact]
    public void A_gap_between_ages_is_named() => Refused(Serum, root => Ages(root)[2]["age"]!["low"]!["value"] = 7, "qualifiedInterval");

    [Fact]
    public void An_age_row_that_does_not_begin_at_birth_is_named() => Refused(Serum, root => Ages(root)[0]["age"]!["low"]!["value"] = 1, "qualifiedInterval");

    [Fact]
    public void A_last_age_row_with_an_end_is_named() =>
        Refused(Serum, root => Ages(root)[^1]["age"]!["high"] = new JsonObject { ["value"] = 100, ["code"] = "a" }, "ObservationDefinition: the last age row");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_unit_factor_that_is_not_positive_is_named(int factor) => Refused(Units, root => root["concept"]![3]!["property"]![0]!["valueDecimal"] = factor, "concept[3]");

    [Fact]
    public void A_file_that_is_no_JSON_is_named() => Refused(Plan, _ => "{", Plan);

    [Fact]
    public void A_parameter_that_is_missing_is_named() => Refused(Plan, root => Rule(root, "IN-5").Remove("extension"), "IN-5", "look-back");

    private static bool IsOptional(string name) => name.StartsWith("StructureDefinition-", StringComparison.Ordinal) || name.StartsWith("Library-", StringComparison.Ordinal)
        || name.StartsWith("OperationDefinition-", StringComparison.Ordinal)
        || name.StartsWith("NamingSystem-", StringComparison.Ordinal) || name == "CodeSystem-manifestation.json"
        || (name.StartsWith("ValueSet-", StringComparison.Ordinal) && Terminology.Find(name["ValueSet-".Length..^".json".Length]) is null);

    private static void Refused(string file, Action<JsonObject> change, params string[] says) => Refused(file, root =>
    {
        change(root);
        return root.ToJsonString();
    }, says);

    private static void Refused(string file, Func<JsonObject, string> change, params string[] says)
    {
        var files = Knowledge.IncludedFiles().Select(one => one.Name == file ? one with { Content = Encoding.UTF8.GetBytes(change(JsonNode.Parse(one.Content.Span)!.AsObject())) } : one).ToList();
        var refusal = Assert.Throws<KnowledgeException>(() => Knowledge.Load(files));
        Assert.StartsWith($"{file}: ", refusal.Message, StringComparison.Ordinal);
        Assert.All(says, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
    }

    private static JsonObject Rule(JsonObject plan, string id) => Section(plan, id).Single(rule => (string?)rule!["prefix"] == id)!.AsObject();

    private static JsonArray Section(JsonObject plan, string id) =>
        plan["action"]!.AsArray().Select(section => section!["action"]!.AsArray()).Single(rules => rules.Any(rule => (string?)rule!["prefix"] == id));

    private static List<JsonObject> Ages(JsonObject definition) =>
        [.. definition["qualifiedInterval"]!.AsArray().Select(row => row!.AsObject()).Where(row => row["context"]?["coding"]?[0]?["code"]?.ToString() == "reference")];
}
