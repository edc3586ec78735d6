using System.Text.Json.Nodes;

namespace FhirMg.Cli.Tests;

/// <summary>Reads what <c>--format json</c> prints.</summary>
internal static class Reports
{
    public static List<JsonNode> Of(Fhirmg run) => [.. JsonNode.Parse(run.Output)!["reports"]!.AsArray().Select(report => report!)];

    public static string[] Patients(Fhirmg run) => [.. Of(run).Select(report => (string)report["patient"]!)];

    public static string Status(JsonNode report) => (string)report["serum"]!["status"]!;
}
