using System.Text.Json;
using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Knowing;

/// <summary>The value sets with their codes and the beginnings of names that belong to them.</summary>
internal static class ValueSetTable
{
    public static void Add(Sheet sheet, Knowledge knowledge, Words words)
    {
        sheet.Heading(words["review-value-sets"]);
        sheet.Table(
            [words["review-value-set"], words["review-codes"]],
            Artifact.OfType(knowledge, "ValueSet").Select(set => (string[])[$"{words.Of(Artifact.Title(set))}\n{Artifact.Id(set)}", string.Join('\n', Lines(set, words))]));
    }

    private static IEnumerable<string> Lines(JsonElement set, Words words)
    {
        if (ArtifactText.Of(set, "description") is { } description)
        {
            yield return words.Of(description);
        }

        var compose = set.GetProperty("compose");
        foreach (var system in ArtifactText.Each(compose, "include").GroupBy(part => Artifact.Optional(part, "system")))
        {
            yield return Codes(system.Key, system, words);
        }

        foreach (var system in ArtifactText.Each(compose, "exclude").GroupBy(part => Artifact.Optional(part, "system")))
        {
            yield return words.Say("review-except", Codes(system.Key, system, words));
        }

        foreach (var suffix in new[] { "", "-except", "-salt", "-injection" })
        {
            var stems = Artifact.Extensions(set, $"name-stem{suffix}").Select(stem => $"{stem.GetProperty("valueString").GetString()}\u2026").ToList();
            if (stems.Count > 0)
            {
                yield return words.Say($"review-stems{suffix}", string.Join(", ", stems));
            }
        }

        foreach (var range in Artifact.Extensions(set, "separate-by").Select(extension => extension.GetProperty("valueRange")))
        {
            yield return words.Say("review-separate", range.GetProperty("low").GetProperty("value"), range.GetProperty("high").GetProperty("value"));
        }
    }

    private static string Codes(string? system, IEnumerable<JsonElement> parts, Words words)
    {
        var codes = parts.SelectMany(part => ArtifactText.Each(part, "filter").Select(filter => words.Say("review-below", filter.GetProperty("value").GetString()))
            .Concat(ArtifactText.Each(part, "concept").Select(concept => $"{concept.GetProperty("code").GetString()} {words.Of(ArtifactText.Display(concept))}"))
            .Concat(ArtifactText.Each(part, "valueSet").Select(set => words.Say("review-all-of", set.GetString()!.Split('/')[^1]))));
        return $"{(system is null ? "" : $"{system}: ")}{string.Join("; ", codes)}";
    }
}
