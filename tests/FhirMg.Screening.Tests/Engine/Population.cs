using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;
using FhirMg.Reasoning.Tests.Naive;

namespace FhirMg.Screening.Tests.Engine;

/// <summary>Populations to screen, and what evaluating them as one document says.</summary>
internal static partial class Population
{
    public static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Generated patients on the edges of the specification, each with ids of its own.</summary>
    public static List<string> Generate(int documents, int seed)
    {
        var generator = new PatientGenerator(seed);
        var lines = new List<string>();
        for (var i = 0; i < documents; i++)
        {
            var (document, _) = generator.Next();
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var resource in Resources(document))
            {
                // Which version of a resource counts is another question, with tests of its own.
                if (resource["id"] is JsonValue id && !names.Add($"{resource["resourceType"]}/{id}"))
                {
                    continue;
                }

                lines.Add(Own(resource, $"n{i}-"));
            }
        }

        return lines;
    }

    /// <summary>The resources of a document, each on a line.</summary>
    public static IEnumerable<JsonObject> Resources(JsonNode document) => document is JsonArray resources
        ? resources.Select(resource => resource!.AsObject())
        : document["entry"]?.AsArray().Select(entry => entry?["resource"]).OfType<JsonObject>() ?? [document.AsObject()];

    /// <summary>The report of each patient, by the reading of all files as one document.</summary>
    /// <param name="folder">The files.</param>
    /// <param name="asOf">The time that every case is looked at.</param>
    /// <param name="nobodys">The resources that are about nobody in particular.</param>
    public static List<byte[]> Evaluate(string folder, DateTimeOffset asOf, out IReadOnlyList<string> nobodys)
    {
        var reader = new InputReader(Knowledge.BuiltIn);
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            reader.Read(File.ReadAllBytes(file), file);
        }

        List<PatientRecord> patients = [.. reader.Documents().SelectMany(document => document.Patients)];

        // What is about nobody in particular every report of a document names, but of a population it is named once, beside the reports.
        nobodys = [.. patients.Select(patient => patient.Unattributed).Distinct().SelectMany(facts => facts).Select(fact => fact.Name).Distinct().Order(StringComparer.Ordinal)];
        patients.ForEach(patient => patient.Unattributed.Clear());

        // Somebody who is only referred to, and by nothing that bears on a rule, is no patient of the screening.
        return [.. patients.Where(patient => patient.IsInDocument || HasFacts(patient)).Select(patient => Report(patient, asOf))];
    }

    public static byte[] Report(PatientRecord patient, DateTimeOffset asOf)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            ReportWriter.Write(writer, Evaluator.Evaluate(Extractor.Extract(patient, Knowledge.BuiltIn, asOf), Knowledge.BuiltIn));
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static bool HasFacts(PatientRecord patient) =>
        patient.Observations.Count + patient.Conditions.Count + patient.Encounters.Count + patient.Medicines.Count + patient.Allergies.Count + patient.Manifestations.Count > 0;

    // Ids and the references to them become this patient's alone.
    private static string Own(JsonObject resource, string prefix)
    {
        if (resource["id"] is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            resource["id"] = prefix + value.GetValue<string>();
        }

        return Reference().Replace(resource.ToJsonString(Plain), match => $"{match.Groups[1].Value}{prefix}{match.Groups[2].Value}");
    }

    [GeneratedRegex("""("reference":"[^"#]*?(?:Patient|Medication|Condition|Encounter)/)([^"/]+)""")]
    private static partial Regex Reference();
}
