using System.Text.Json;
using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Knowing;

/// <summary>Every rule with its statement, what the clinician reads, its numbers and sources; a table for each section of the plan.</summary>
internal static class RuleTables
{
    public static void Add(Sheet sheet, Knowledge knowledge, Words words)
    {
        var plan = Artifact.OfType(knowledge, "PlanDefinition").First(artifact => artifact.GetProperty("url").ValueEquals(knowledge.Url));
        foreach (var section in ArtifactText.Each(plan, "action"))
        {
            var title = ArtifactText.Of(section, "title");
            sheet.Heading(title is null ? words["review-rules"] : $"{words["review-rules"]}: {words.Of(title)}");
            sheet.Table(
                [words["review-rule"], words["review-title"], words["review-statement"], words["review-sources"]],
                ArtifactText.Each(section, "action").Select(action => Row(action, knowledge, words)));
        }
    }

    private static string[] Row(JsonElement action, Knowledge knowledge, Words words)
    {
        var id = action.GetProperty("prefix").GetString()!;
        var rule = knowledge[RuleIds.TryParse(id, out var found) ? found : throw new KnowledgeException($"there is no rule {id}")];
        return [id, words.Of(rule.Title), string.Join('\n', Statement(action, rule, knowledge, words)), string.Join(", ", rule.Citations)];
    }

    private static IEnumerable<string> Statement(JsonElement action, RuleKnowledge rule, Knowledge knowledge, Words words)
    {
        yield return words.Of(rule.Description);
        if (rule.Severity is { } severity)
        {
            yield return words.Say("review-severity", words[$"review-severity-{severity.Word()}"]);
        }

        foreach (var (code, text) in new[] { ("review-shown", rule.Message), ("review-note", rule.Note), ("review-not-checked", rule.NotChecked) })
        {
            if (text is not null)
            {
                yield return words.Say(code, words.Of(text));
            }
        }

        foreach (var ratio in rule.OddsRatios)
        {
            yield return words.Say("review-odds-ratio", words.Number(ratio.Value), words.Of(ratio.Comparison), ratio.Study, words.Of(ratio.Groups));
        }

        foreach (var parameter in Artifact.Extensions(action, "parameter"))
        {
            var value = Artifact.Part(parameter, "value").GetProperty("valueQuantity");
            yield return words.Say("review-parameter", Artifact.Part(parameter, "name").GetProperty("valueCode"),
                $"{words.Number(value.GetProperty("value").GetDecimal())} {Artifact.Optional(value, "unit")}");
        }

        if (rule.Activities.Count > 0)
        {
            yield return words.Say("review-activities", string.Join(", ", rule.Activities.Select(activity => words.Of(knowledge.Activities[activity].Title))));
        }
    }
}
