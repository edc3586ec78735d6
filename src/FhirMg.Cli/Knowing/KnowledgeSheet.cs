using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Knowing;

/// <summary>The whole knowledge for a reviewing clinician: everything that decides, with its source.</summary>
internal static class KnowledgeSheet
{
    public static Sheet Of(Knowledge knowledge, Words words)
    {
        var sheet = new Sheet();
        sheet.Title(words.Of(knowledge.Title), words.Say("review-knowledge", knowledge.Canonical));
        RuleTables.Add(sheet, knowledge, words);
        IntervalTables.Add(sheet, knowledge, words);
        UnitTables.Add(sheet, knowledge, words);
        ActivityTable.Add(sheet, knowledge, words);
        AddQuestions(sheet, knowledge, words);
        ValueSetTable.Add(sheet, knowledge, words);
        AddAliases(sheet, knowledge, words);
        sheet.Heading(words["sources"]);
        sheet.Table([words["review-label"], words["review-citation"]], knowledge.Citations.Values.Select(source => (string[])[source.Label, words.Of(source.Words)]));
        return sheet;
    }

    private static void AddQuestions(Sheet sheet, Knowledge knowledge, Words words)
    {
        sheet.Heading(words["review-questions"]);
        sheet.Table([words["review-code"], words["review-question"]], knowledge.Manifestations.Select(item => (string[])[item.LinkId, words.Of(item.Question)]));
    }

    private static void AddAliases(Sheet sheet, Knowledge knowledge, Words words)
    {
        sheet.Heading(words["review-aliases"]);
        sheet.Table([words["review-name"], words["review-code"]], Artifact.OfType(knowledge, "NamingSystem").Select(system => (string[])
            [words.Of(Artifact.Title(system)), string.Join('\n', ArtifactText.Each(system, "uniqueId").Select(id => id.GetProperty("value").GetString()))]));
    }
}
