using System.Text.Json.Nodes;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>A server's own wording is no change; a person's is.</summary>
public sealed class FingerprintTests
{
    private static readonly Names Names = new(Knowledge.BuiltIn.CanonicalBase);

    public static TheoryData<string> OtherWordings => [.. Wordings.Keys];

    public static TheoryData<string> Edits => [.. Edited.Keys];

    private static Dictionary<string, Action<JsonObject>> Wordings { get; } = new()
    {
        ["id and meta"] = resource => (resource["id"], resource["meta"]) = ("7", new JsonObject { ["versionId"] = "1" }),
        ["a narrative"] = resource => resource["text"] = new JsonObject { ["status"] = "generated", ["div"] = "<div/>" },
        ["an absolute reference"] = resource => resource["subject"]!["reference"] = $"https://ehr.example.org/fhir/{resource["subject"].Text("reference")}",
        ["a time of another zone"] = resource => resource["authoredOn"] = "2026-11-23T03:00:00.000+03:00",
        ["ids of siblings"] = resource => resource["detectedIssue"] = JsonNode.Parse("""[{"reference":"DetectedIssue/99"}]"""),
        ["order of extensions"] = resource => resource["extension"] = new JsonArray([.. resource["extension"]!.AsArray().Reverse().Select(item => item!.DeepClone())]),
        ["trailing zeros"] = resource => resource["dosageInstruction"]![0]!["maxDosePerPeriod"]!["numerator"]!["value"] = JsonNode.Parse("600.00"),
        ["status and reason"] = resource => (resource["status"], resource["statusReason"]) = ("cancelled", new JsonObject { ["text"] = "no" }),
    };

    private static Dictionary<string, Action<JsonObject>> Edited { get; } = new()
    {
        ["a dose"] = resource => resource["dosageInstruction"]![0]!["maxDosePerPeriod"]!["numerator"]!["value"] = 300,
        ["a note"] = resource => resource["note"]!.AsArray().Add(new JsonObject { ["text"] = "after breakfast" }),
        ["a requester"] = resource => resource["requester"] = new JsonObject { ["reference"] = "Practitioner/1" },
        ["an intent"] = resource => resource["intent"] = "order",
        ["another patient"] = resource => resource["subject"]!["reference"] = "Patient/other",
        ["no priority any more"] = resource => resource.Remove("note"),
    };

    [Theory]
    [MemberData(nameof(OtherWordings))]
    public void Another_wording_by_the_server_is_no_change(string name)
    {
        var resource = Written();
        Wordings[name](resource);
        Assert.Equal(Fingerprint.In(resource, Names), Fingerprint.Of(resource, Names));
    }

    [Theory]
    [MemberData(nameof(Edits))]
    public void An_edit_is_a_change(string name)
    {
        var resource = Written();
        Edited[name](resource);
        Assert.NotEqual(Fingerprint.In(resource, Names), Fingerprint.Of(resource, Names));
    }

    // With an egfr of 45 a warning stands beside, so that the proposal refers to a sibling.
    private static JsonObject Written() => new PlainServer().Plan(Case.Mild.WithEgfr(45)).Steps.First(step => step.Rule == Rule.Rx1).Resource!.DeepClone().AsObject();
}
