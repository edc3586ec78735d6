using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>One bad resource costs only that resource: what is read of every other one stays as it was.</summary>
public sealed class IsolationTests
{
    public static TheoryData<string> Garbage => ["wrong types", "nulls", "empty lists", "nothing but type and id", "deep lists", "halves of surrogates"];

    [Theory]
    [MemberData(nameof(Garbage))]
    public void Every_other_resource_is_read_as_before(string garbage)
    {
        foreach (var (name, sample) in Corpus.Samples)
        {
            var before = Facts(sample);
            var entries = JsonNode.Parse(sample)!["entry"]!.AsArray();
            for (var i = 0; i < entries.Count; i++)
            {
                if (entries[i]!["resource"] is JsonObject resource)
                {
                    var spoilt = Facts(Replace(sample, i, Spoil(resource, garbage)));
                    var own = NameOf(entries[i]!, resource, i);
                    Assert.True(Others(before, own, resource).SequenceEqual(Others(spoilt, own, resource)), $"{name}, entry {i} ({own}) as {garbage}");
                }
            }
        }
    }

    [Fact]
    public void Every_other_resource_is_set_aside_for_the_same_reason()
    {
        foreach (var (name, sample) in Corpus.Samples)
        {
            var entries = JsonNode.Parse(sample)!["entry"]!.AsArray();
            var before = SetAside(sample);
            for (var i = 0; i < entries.Count; i++)
            {
                // Age comes from the Patient, and whether headache counts among answers from migraine: these reach beyond their resource.
                if (entries[i]!["resource"] is JsonObject resource && Type(resource) is not ("Patient" or "Condition" or "Encounter" or "QuestionnaireResponse"))
                {
                    var own = NameOf(entries[i]!, resource, i);
                    var after = SetAside(Replace(sample, i, Spoil(resource, "wrong types")));
                    Assert.True(before.Where(line => !line.Contains($"\"{own}\"", StringComparison.Ordinal)).SequenceEqual(after.Where(line => !line.Contains($"\"{own}\"", StringComparison.Ordinal))), $"{name}, entry {i} ({own})");
                }
            }
        }
    }

    [Theory]
    [InlineData("Observation", "status", "5")]
    [InlineData("Condition", "clinicalStatus", "5")]
    [InlineData("Encounter", "status", "[]")]
    [InlineData("MedicationRequest", "status", "{}")]
    [InlineData("MedicationStatement", "status", "5")]
    [InlineData("AllergyIntolerance", "code", "true")]
    [InlineData("QuestionnaireResponse", "authored", "2026")]
    public void The_bad_resource_is_named(string type, string element, string value)
    {
        var tried = 0;
        foreach (var (name, sample) in Corpus.Samples)
        {
            var entries = JsonNode.Parse(sample)!["entry"]!.AsArray();
            for (var i = 0; i < entries.Count; i++)
            {
                if (entries[i]!["resource"] is not JsonObject resource || Type(resource) != type || resource["id"] is null || !IsRead(sample, entries, $"{type}/{(string?)resource["id"]}"))
                {
                    continue;
                }

                tried++;
                resource = resource.DeepClone().AsObject();
                resource[element] = JsonNode.Parse(value);
                var setAside = SetAside(Replace(sample, i, resource));
                Assert.True(setAside.Exists(line => line.Contains($"{{\"resource\":\"{type}/{(string?)resource["id"]}\",\"reason\":\"malformed\"}}", StringComparison.Ordinal)), $"{name}, entry {i}");
            }
        }

        Assert.True(tried > 0);
    }

    private static bool IsRead(byte[] sample, JsonArray entries, string name) =>
        entries.Select(entry => entry!["resource"]).Count(resource => resource is not null && $"{resource["resourceType"]}/{resource["id"]}" == name) == 1
        && SetAside(sample).TrueForAll(line => !line.Contains($"\"{name}\"", StringComparison.Ordinal)) && Facts(sample).Exists(fact => fact.Name == name)
        && ReportOf.Assess(sample, ReportOf.AsOf).All(assessment => !assessment.Features.Deceased);

    private static string Type(JsonObject resource) => (string)resource["resourceType"]!;

    private static string NameOf(JsonNode entry, JsonObject resource, int index) =>
        resource["id"] is { } id ? $"{Type(resource)}/{id}" : (string?)entry["fullUrl"] ?? $"{Type(resource)}/#{index}";

    private static JsonObject Spoil(JsonObject resource, string garbage)
    {
        var spoilt = new JsonObject { ["resourceType"] = Type(resource) };
        foreach (var (key, value) in resource.Where(pair => pair.Key != "resourceType"))
        {
            if (key == "id")
            {
                spoilt[key] = value!.DeepClone();
            }
            else if (garbage != "nothing but type and id")
            {
                spoilt[key] = garbage switch
                {
                    "nulls" => null,
                    "empty lists" => new JsonArray(),
                    "deep lists" => JsonNode.Parse(new string('[', 60) + new string(']', 60)),
                    // Both statuses of a Condition as plain texts are STU3, which is refused as a whole.
                    "halves of surrogates" when key == "clinicalStatus" => 7,
                    "halves of surrogates" => "HALF",
                    _ => value is JsonValue ? new JsonObject { ["x"] = 1 } : 7,
                };
            }
        }

        return spoilt;
    }

    private static byte[] Replace(byte[] sample, int index, JsonObject resource)
    {
        var bundle = JsonNode.Parse(sample)!;
        bundle["entry"]![index]!["resource"] = resource;
        return Encoding.UTF8.GetBytes(bundle.ToJsonString().Replace("HALF", "\\ud800", StringComparison.Ordinal));
    }

    private static List<string> SetAside(byte[] input) =>
        [.. ReportOf.Json(input, ReportOf.AsOf)["reports"]!.AsArray().SelectMany(report => report!["setAside"]!.AsArray().Select(item => $"{report["patient"]} {item!.ToJsonString()}"))];

    private static List<Fact> Facts(byte[] input)
    {
        var reader = new InputReader(Knowledge.BuiltIn);
        Assert.Empty(reader.Read(input, "test.json"));
        return [.. reader.Documents().SelectMany(document => document.Patients).SelectMany(patient => (IEnumerable<Fact>)[patient.Patient,
            .. patient.Observations, .. patient.Conditions, .. patient.Encounters, .. patient.Medicines, .. patient.Allergies, .. patient.Manifestations, .. patient.Unattributed])];
    }

    // What a reference brings in from the replaced resource goes with it; order goes by who is referred to first.
    private static IEnumerable<string> Others(List<Fact> facts, string own, JsonObject replaced) => facts.Where(fact => fact.Name != own && fact is not PatientFact { Ordinal: int.MaxValue })
        .Select(fact => Type(replaced) switch
        {
            "Condition" when fact is EncounterFact encounter => encounter with { ReferencedReasons = default },
            "Medication" when fact is MedicineFact medicine => medicine with { Codes = default, Label = null },
            _ => fact,
        }).Select(fact => fact.ToString()).Order(StringComparer.Ordinal).Distinct();
}
