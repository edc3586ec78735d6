using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Tests;
using FhirMg.Service.Hooks.Discovery;

namespace FhirMg.Benchmarks.Hooks;

/// <summary>A <c>patient-view</c> call that brings all that discovery asks for, of one chart of the samples and its earlier years.</summary>
internal static class HookBody
{
    private const int Wanted = 20_000;
    private const int NewestYear = 2026;
    private const int YearsOfChart = 4;

    // Without white space, as EHRs send.
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(string chart)
    {
        var resources = JsonNode.Parse(File.ReadAllText(Repository.Path("fhir-samples", chart, "bundle.json")))!["entry"]!.AsArray()
            .Select(entry => entry!["resource"]!.AsObject()).ToList();
        var repeated = resources.Where(resource => (string?)resource["resourceType"] is "Observation" or "QuestionnaireResponse").ToList();
        var body = Call(resources);
        for (var i = 0; body.Length < Wanted; i++)
        {
            resources.Add(Earlier(repeated[i % repeated.Count], 1 + (i / repeated.Count)));
            body = Call(resources);
        }

        return body;
    }

    private static byte[] Call(List<JsonObject> resources)
    {
        var prefetch = new JsonObject();
        var sent = new HashSet<string>(StringComparer.Ordinal);
        foreach (var template in PrefetchTemplate.Of([Knowledge.BuiltIn]))
        {
            // One of several queries for observations finds them, the others find none.
            var found = sent.Add(template.Type) ? resources.Where(resource => Answers(template.Type, (string)resource["resourceType"]!)).ToList() : [];
            prefetch[template.Key] = template.Type == "Patient" ? found[0].DeepClone() : Searchset(found);
        }

        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["hook"] = "patient-view",
            ["hookInstance"] = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
            ["context"] = new JsonObject { ["userId"] = "Practitioner/dr", ["patientId"] = (string?)prefetch["patient"]!["id"] },
            ["prefetch"] = prefetch,
        }.ToJsonString(Compact));
    }

    // The same result, once or more than once as many years ago as the chart goes back.
    private static JsonObject Earlier(JsonObject resource, int times)
    {
        var text = resource.ToJsonString(Compact);
        for (var year = NewestYear - YearsOfChart + 1; year <= NewestYear; year++)
        {
            text = text.Replace($"\"{year}-", $"\"{year - (YearsOfChart * times)}-", StringComparison.Ordinal);
        }

        var earlier = JsonNode.Parse(text)!.AsObject();
        earlier["id"] = $"{(string?)resource["id"]}-{times}";
        return earlier;
    }

    // Medications stand beside the requests that refer to them, as an include brings them.
    private static bool Answers(string asked, string type) => type == asked || (asked == "MedicationRequest" && type == "Medication");

    private static JsonObject Searchset(IEnumerable<JsonObject> resources) => new()
    {
        ["resourceType"] = "Bundle",
        ["type"] = "searchset",
        ["entry"] = new JsonArray([.. resources.Select(resource => new JsonObject { ["resource"] = resource.DeepClone() })]),
    };
}
