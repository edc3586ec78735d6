using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Model;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Tests.Proposing;

/// <summary>The same conclusion from the same evidence and knowledge has the same identifiers; any change has others.</summary>
public sealed class IdentifierTests
{
    private static readonly JsonObject Input = JsonNode.Parse(File.ReadAllText(
        Repository.Path("fhir-samples", "adult-mild-with-migraine", "bundle.json")))!.AsObject();

    [Fact]
    public void Looking_again_at_the_same_evidence_gives_the_same_identifiers() =>
        Assert.Equal(Identifiers(Input, ReportOf.AsOf), Identifiers(Input, ReportOf.AsOf.AddHours(3)));

    [Fact]
    public void The_language_of_the_texts_does_not_change_an_identifier() =>
        Assert.Equal(Identifiers(Input, ReportOf.AsOf), Identifiers(Input, ReportOf.AsOf, Language.Russian));

    [Fact]
    public void New_evidence_for_the_same_conclusion_is_a_new_assessment_with_the_same_proposals()
    {
        var changed = Changed(observation => observation["valueQuantity"]!["value"] = observation["valueQuantity"]!["value"]!.GetValue<decimal>() - 0.01m);
        var (before, after) = (Identifiers(Input, ReportOf.AsOf), Identifiers(changed, ReportOf.AsOf));
        Assert.NotEqual(before["RiskAssessment"], after["RiskAssessment"]);
        Assert.Equal(before["MedicationRequest"], after["MedicationRequest"]);
        Assert.Equal(before["RequestGroup"], after["RequestGroup"]);
    }

    [Fact]
    public void Another_version_of_the_evidence_is_another_assessment()
    {
        var changed = Changed(observation => observation["meta"] = new JsonObject { ["versionId"] = "17" });
        Assert.NotEqual(Identifiers(Input, ReportOf.AsOf)["RiskAssessment"], Identifiers(changed, ReportOf.AsOf)["RiskAssessment"]);
    }

    [Fact]
    public void Every_entry_is_a_conditional_create_by_its_own_identifier()
    {
        var entries = Bundle(Input, ReportOf.AsOf, Language.English).Entry;
        Assert.All(entries, entry => Assert.Equal(Hl7.Fhir.Model.Bundle.HTTPVerb.POST, entry.Request!.Method));
        Assert.Equal(entries.Count, entries.Select(entry => entry.Request!.IfNoneExist).Distinct().Count());
        Assert.Equal(entries.Count, entries.Select(entry => entry.FullUrl).Distinct().Count());
    }

    private static Dictionary<string, string> Identifiers(JsonObject input, DateTimeOffset asOf, Language language = Language.English) =>
        Bundle(input, asOf, language).Entry.GroupBy(entry => entry.Resource!.TypeName)
            .ToDictionary(group => group.Key, group => string.Join(' ', group.Select(entry => entry.Request!.IfNoneExist)));

    private static Bundle Bundle(JsonObject input, DateTimeOffset asOf, Language language) =>
        ProposalBundle.Of(ReportOf.Assess(Encoding.UTF8.GetBytes(input.ToJsonString()), asOf), language);

    private static JsonObject Changed(Action<JsonObject> change)
    {
        var copy = Input.DeepClone().AsObject();
        change(copy["entry"]!.AsArray().Select(entry => entry!["resource"]!.AsObject()).First(resource => (string?)resource["resourceType"] == "Observation"));
        return copy;
    }
}
