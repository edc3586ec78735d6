using System.Text.Json.Nodes;

namespace FhirMg.Fhir.Tests.Pulling;

/// <summary>A whole chart of fhir-samples, as resources for a simulated server.</summary>
internal static class Chart
{
    public const string Patient = "p-4471";

    public static byte[] Bundle { get; } = File.ReadAllBytes(Path.Combine(Root(), "fhir-samples", "chart-russian-inpatient-attack-with-aura", "bundle.json"));

    public static IReadOnlyList<JsonObject> Resources() =>
        [.. JsonNode.Parse(Bundle)!["entry"]!.AsArray().Select(entry => entry!["resource"]!.DeepClone().AsObject())];

    /// <summary>The chart with so many more conditions that they come in several pages; they change nothing in the report.</summary>
    public static IReadOnlyList<JsonObject> LongResources() =>
    [
        .. Resources(),
        .. Enumerable.Range(0, 450).Select(i => JsonNode.Parse($$$"""
            {"resourceType":"Condition","id":"more-{{{i}}}","subject":{"reference":"Patient/{{{Patient}}}"},
             "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"I10"}]}}
            """)!.AsObject()),
    ];

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "global.json")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
