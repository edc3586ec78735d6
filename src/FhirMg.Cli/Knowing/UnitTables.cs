using System.Text.Json;
using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Knowing;

/// <summary>The units that are read, with every accepted spelling.</summary>
internal static class UnitTables
{
    public static void Add(Sheet sheet, Knowledge knowledge, Words words)
    {
        foreach (var system in Artifact.OfType(knowledge, "CodeSystem").Where(system => Artifact.Id(system).EndsWith("-unit", StringComparison.Ordinal)))
        {
            sheet.Heading($"{words["review-units"]}: {words.Of(Artifact.Title(system))}");
            sheet.Table(
                [words["review-code"], words["review-definition"], words["review-factor"], words["review-spellings"]],
                ArtifactText.Each(system, "concept").Select(concept => Row(concept, words)));
        }
    }

    private static string[] Row(JsonElement concept, Words words) =>
    [
        concept.GetProperty("code").GetString()!,
        ArtifactText.Of(concept, "definition") is { } definition ? words.Of(definition) : "",
        string.Join(", ", ArtifactText.Each(concept, "property").Where(property => property.TryGetProperty("valueDecimal", out _))
            .Select(property => words.Number(property.GetProperty("valueDecimal").GetDecimal()))),
        string.Join(" \u00B7 ", ArtifactText.Each(concept, "designation").Where(IsSpelling).Select(designation => designation.GetProperty("value").GetString())),
    ];

    private static bool IsSpelling(JsonElement designation) =>
        designation.TryGetProperty("use", out var use) && use.GetProperty("code").ValueEquals("spelling");
}
