using System.Text.Json;
using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Knowing;

/// <summary>Reference intervals, grades and limits of each measurement.</summary>
internal static class IntervalTables
{
    public static void Add(Sheet sheet, Knowledge knowledge, Words words)
    {
        foreach (var definition in Artifact.OfType(knowledge, "ObservationDefinition"))
        {
            sheet.Heading($"{words["review-intervals"]}: {words.Of(Artifact.Title(definition))}");
            sheet.Table(
                [words["review-kind"], words["review-age"], words["review-interval"], words["review-definition"], words["review-sources"]],
                ArtifactText.Each(definition, "qualifiedInterval").Select(row => Row(row, words)));
        }
    }

    private static string[] Row(JsonElement row, Words words) =>
    [
        Kind(row, words),
        row.TryGetProperty("age", out var age) ? Range(age, words) : "",
        row.TryGetProperty("range", out var range) ? Range(range, words) : "\u2013",
        ArtifactText.Of(row, "condition") is { } condition ? words.Of(condition) : "",
        string.Join(", ", Artifact.Extensions(row, "citation").Select(source => source.GetProperty("valueString").GetString())),
    ];

    private static string Kind(JsonElement row, Words words) => row.TryGetProperty("context", out var context)
        ? string.Join(", ", ArtifactText.Each(context, "coding").Select(coding => words.Term(coding.GetProperty("code").GetString()!)))
        : Artifact.Optional(row, "category") ?? "";

    private static string Range(JsonElement range, Words words) => (End(range, "low", words), End(range, "high", words)) switch
    {
        ({ } low, { } high) => $"{low} \u2026 {high}",
        ({ } low, null) => $"{low} \u2026",
        (null, { } high) => $"\u2026 {high}",
        _ => "\u2013",
    };

    private static string? End(JsonElement range, string end, Words words) => range.TryGetProperty(end, out var quantity)
        ? $"{words.Number(quantity.GetProperty("value").GetDecimal())} {Artifact.Optional(quantity, "unit")}".Trim()
        : null;
}
