using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Servers;

/// <summary>Patients of a simulated hospital, and how the program is asked about them.</summary>
internal static class Hospital
{
    /// <summary>A whole chart of fhir-samples.</summary>
    public const string ChartPatient = "p-4471";

    public const string ChartSample = "chart-russian-inpatient-attack-with-aura";

    public const string MildSample = "adult-mild-with-migraine";

    /// <summary>The patient of <see cref="MildSample"/>.</summary>
    public const string MildPatient = "p1";

    public static List<JsonObject> Chart => Sample(ChartSample);

    public static List<JsonObject> Mild => Sample(MildSample);

    public static List<JsonObject> Sample(string name) =>
    [
        .. JsonNode.Parse(File.ReadAllText(Repository.Path("fhir-samples", name, "bundle.json")))!["entry"]!.AsArray()
            .Select(entry => entry!["resource"]!.DeepClone().AsObject()),
    ];

    /// <summary>Patients with a low result each: <c>a0</c>, <c>a1</c> …, with the identifier <c>https://mrn.example.org|N</c>.</summary>
    public static List<JsonObject> Ward(int patients) => [.. Enumerable.Range(0, patients).SelectMany(i => new[]
    {
        JsonNode.Parse(Resources.Patient($"a{i}"))!.AsObject().With("identifier", $$"""[{"system":"https://mrn.example.org","value":"{{i}}"}]"""),
        JsonNode.Parse(Resources.Serum($"s{i}", $"a{i}", "0.61"))!.AsObject(),
    })];

    public static Simulator Start(VendorProfile vendor, params IEnumerable<JsonObject> resources) => Simulator.Start(vendor, resources);

    /// <summary>Runs <c>fhirmg evaluate --server</c> at the time that the samples are written for.</summary>
    public static Fhirmg Evaluate(Uri server, params string[] arguments) => Fhirmg.Evaluate(["--server", server.AbsoluteUri, .. arguments]);

    /// <summary>The reports that a bundle of fhir-samples gives.</summary>
    public static JsonNode ExpectedReports(string sample) =>
        JsonNode.Parse(File.ReadAllText(Repository.Path("fhir-samples", sample, "expected-report.json")))!["reports"]!;

    /// <summary>What the key <c>writes</c> says of the only patient.</summary>
    public static JsonNode Writes(Fhirmg run) => JsonNode.Parse(run.Output)!["writes"]!.AsArray().Single()!;

    /// <summary>The values that the steps have for a key, each once, in order.</summary>
    public static string[] Each(JsonNode writes, string key) =>
        [.. writes["steps"]!.AsArray().Select(step => (string?)step![key]).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    public static JsonObject With(this JsonObject resource, string name, string json)
    {
        resource[name] = JsonNode.Parse(json);
        return resource;
    }
}
