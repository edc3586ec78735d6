using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Reasoning.Tests;

/// <summary>The report that the product gives of an input.</summary>
internal static class ReportOf
{
    public static readonly DateTimeOffset AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Assessment> Assess(ReadOnlySpan<byte> input, DateTimeOffset asOf, string source = "test.json", Knowledge? knowledge = null)
    {
        knowledge ??= Knowledge.BuiltIn;
        var reader = new InputReader(knowledge);
        var faults = reader.Read(input, source);
        Assert.Empty(faults);
        return [.. reader.Documents().SelectMany(document => document.Patients)
            .Select(patient => Evaluator.Evaluate(Extractor.Extract(patient, knowledge, asOf), knowledge))];
    }

    public static JsonObject Json(IEnumerable<Assessment> assessments)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            ReportWriter.Write(writer, assessments);
        }

        return JsonNode.Parse(stream.ToArray())!.AsObject();
    }

    public static JsonObject Json(ReadOnlySpan<byte> input, DateTimeOffset asOf, string source = "test.json") => Json(Assess(input, asOf, source));
}
