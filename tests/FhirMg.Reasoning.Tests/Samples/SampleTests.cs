using System.Text.Json.Nodes;
using FhirMg.Reasoning.Tests.Naive;

namespace FhirMg.Reasoning.Tests.Samples;

/// <summary>Every case of fhir-samples gives the report that was written for it by reading the rules.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Repository.Path("fhir-samples")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_report_is_the_expected_one(string name) =>
        AssertSame(Expected(name), ReportOf.Json(Bundle(name), ReportOf.AsOf));

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_second_implementation_agrees(string name) =>
        AssertSame(Expected(name), NaiveReport.Evaluate([JsonNode.Parse(Bundle(name))], ReportOf.AsOf));

    [Fact]
    public void There_are_at_least_thirty_cases() => Assert.True(Cases.Count >= 30);

    private static byte[] Bundle(string name) => File.ReadAllBytes(Repository.Path("fhir-samples", name, "bundle.json"));

    private static JsonNode? Expected(string name) => JsonNode.Parse(File.ReadAllText(Repository.Path("fhir-samples", name, "expected-report.json")));

    private static void AssertSame(JsonNode? expected, JsonNode? actual)
    {
        var differences = JsonDifference.Find(expected, actual);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
