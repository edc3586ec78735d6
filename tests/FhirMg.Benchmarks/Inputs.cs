using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Tests;
using FhirMg.Reasoning.Tests.Naive;

namespace FhirMg.Benchmarks;

/// <summary>Documents that are read together, one after the other.</summary>
internal sealed record Input(string Name, IReadOnlyList<byte[]> Documents)
{
    public long Bytes => Documents.Sum(document => (long)document.Length);
}

/// <summary>What is measured on.</summary>
internal static class Inputs
{
    private const int GeneratedPatients = 3000;
    private const int RelevantResources = 3000;

    // As servers write it: a plus sign or a letter beyond ASCII is not escaped.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Input Samples { get; } = new("all samples of the repository", [.. Directory.GetDirectories(Repository.Path("fhir-samples")).Order(StringComparer.Ordinal)
        .Select(folder => File.ReadAllBytes(Path.Combine(folder, "bundle.json")))]);

    public static Input Generated { get; } = new("generated patients", [.. Generate()]);

    public static Input Relevant { get; } = new($"a patient with {RelevantResources} resources, all relevant", [Encoding.UTF8.GetBytes(AllRelevant().ToJsonString(Plain))]);

    public static IEnumerable<Input> To(BenchmarkOptions options) =>
        ((IEnumerable<Input>)[Samples, Relevant, .. options.Data.SelectMany(folder => Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
            .Select(file => new Input(Path.GetFileNameWithoutExtension(file), [File.ReadAllBytes(file)]))])
        .Where(input => options.Only is null || input.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<byte[]> Generate()
    {
        var generator = new PatientGenerator(1);
        for (var i = 0; i < GeneratedPatients;)
        {
            if (generator.Next().Document is JsonObject bundle)
            {
                i++;
                yield return Encoding.UTF8.GetBytes(bundle.ToJsonString());
            }
        }
    }

    private static JsonObject AllRelevant()
    {
        var entries = new JsonArray(Entry("Patient/p1", """{"resourceType":"Patient","id":"p1","birthDate":"1980-05-05","gender":"female"}"""));
        for (var i = 0; i < RelevantResources; i++)
        {
            var day = new DateOnly(2026, 11, 1).AddDays(-i).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
            entries.Add((i % 3) switch
            {
                0 => Entry($"Observation/r{i}", $$$"""
                    {"resourceType":"Observation","id":"r{{{i}}}","meta":{"versionId":"1","lastUpdated":"{{{day}}}T09:00:00Z"},"status":"final",
                    "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],
                    "code":{"coding":[{"system":"http://loinc.org","code":"2601-3","display":"Magnesium [Moles/volume] in Serum or Plasma"}],"text":"Magnesium"},
                    "subject":{"reference":"Patient/p1"},"effectiveDateTime":"{{{day}}}T08:15:00+01:00","issued":"{{{day}}}T09:00:00.000Z",
                    "valueQuantity":{"value":0.{{{60 + (i % 30)}}},"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"},
                    "referenceRange":[{"low":{"value":0.66,"unit":"mmol/L"},"high":{"value":1.07,"unit":"mmol/L"}}]}
                    """),
                1 => Entry($"Condition/r{i}", $$$"""
                    {"resourceType":"Condition","id":"r{{{i}}}","meta":{"versionId":"1","lastUpdated":"{{{day}}}T09:00:00Z"},
                    "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
                    "verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}]},
                    "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"encounter-diagnosis"}]}],
                    "code":{"coding":[{"system":"http://snomed.info/sct","code":"37796009","display":"Migraine"}],"text":"Migraine"},
                    "subject":{"reference":"Patient/p1"},"onsetDateTime":"{{{day}}}T08:00:00+01:00","recordedDate":"{{{day}}}T08:00:00+01:00"}
                    """),
                _ => Entry($"MedicationRequest/r{i}", $$$"""
                    {"resourceType":"MedicationRequest","id":"r{{{i}}}","meta":{"versionId":"1","lastUpdated":"{{{day}}}T09:00:00Z"},"status":"active","intent":"order",
                    "medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"6582","display":"magnesium oxide"}],"text":"magnesium oxide"},
                    "subject":{"reference":"Patient/p1"},"authoredOn":"{{{day}}}T08:00:00+01:00","requester":{"reference":"Practitioner/d1","display":"Dr. D"},
                    "dosageInstruction":[{"sequence":1,"text":"once daily","route":{"coding":[{"system":"http://snomed.info/sct","code":"26643006","display":"Oral route"}]}}]}
                    """),
            });
        }

        return new() { ["resourceType"] = "Bundle", ["type"] = "collection", ["entry"] = entries };
    }

    private static JsonObject Entry(string url, string resource) => new JsonObject { ["fullUrl"] = $"http://hospital.example/fhir/{url}", ["resource"] = JsonNode.Parse(resource) };
}
