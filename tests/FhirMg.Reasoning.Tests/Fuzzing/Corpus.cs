using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Tests.Naive;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>Documents to start from.</summary>
internal static class Corpus
{
    /// <summary>The bundles of all samples, by the name of their case.</summary>
    public static IReadOnlyDictionary<string, byte[]> Samples { get; } = Directory.GetDirectories(Repository.Path("fhir-samples")).Order(StringComparer.Ordinal)
        .ToDictionary(folder => Path.GetFileName(folder), folder => File.ReadAllBytes(Path.Combine(folder, "bundle.json")));

    /// <summary>Samples and as many generated documents.</summary>
    public static IReadOnlyList<byte[]> All { get; } = [.. Samples.Values, .. Generated(seed: 7).Take(Samples.Count).Select(Bytes)];

    /// <summary>Generated documents, without an end.</summary>
    public static IEnumerable<(JsonNode Document, DateTimeOffset AsOf)> Generated(int seed)
    {
        for (var generator = new PatientGenerator(seed); ;)
        {
            yield return generator.Next();
        }
    }

    // An array of single resources is what NDJSON lines make together.
    public static byte[] Bytes((JsonNode Document, DateTimeOffset AsOf) generated) => Encoding.UTF8.GetBytes(generated.Document is JsonArray resources
        ? string.Join('\n', resources.Select(resource => resource!.ToJsonString()))
        : generated.Document.ToJsonString());
}
