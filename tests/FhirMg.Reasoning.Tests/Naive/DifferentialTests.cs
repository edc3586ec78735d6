using System.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

/// <summary>Thousands of generated documents give the same report from the product and from the naive second implementation.</summary>
public sealed class DifferentialTests
{
    private const int PerSeed = 5000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Both_implementations_agree(int seed)
    {
        var generator = new PatientGenerator(seed);
        for (var i = 0; i < PerSeed; i++)
        {
            var (document, asOf) = generator.Next();
            var (input, source) = Input(document);
            var differences = JsonDifference.Find(NaiveReport.Evaluate([document], asOf), ReportOf.Json(input, asOf, source));
            Assert.True(differences.Count == 0, $"document {i} of seed {seed}, as of {asOf:O}:\n{string.Join('\n', differences)}\n{Encoding.UTF8.GetString(input)}");
        }
    }

    // An array of single resources is what NDJSON lines make together.
    private static (byte[] Input, string Source) Input(JsonNode document) => document is JsonArray resources
        ? (Encoding.UTF8.GetBytes(string.Join('\n', resources.Select(resource => resource!.ToJsonString()))), "test.ndjson")
        : (Encoding.UTF8.GetBytes(document.ToJsonString()), "test.json");
}
