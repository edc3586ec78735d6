using FhirMg.Cli.Servers;

namespace FhirMg.Cli.Tables;

/// <summary>What was, or would be, written to the server: how, what and why.</summary>
internal static class WriteRows
{
    public static void Add(Sheet sheet, Words words, WriteAccount account)
    {
        sheet.Heading(words[account.IsWritten ? "writes-done" : "writes-planned"]);
        sheet.Paragraph(words[$"write-manner-{account.How}"], account.HasFailed ? Tone.Alarm : Tone.Strong);
        if (account.Problem is { } problem)
        {
            sheet.Paragraph(problem, Tone.Caution);
        }

        if (!account.IsWritten && account.HasWrites)
        {
            sheet.Paragraph(words["writes-only-planned"], Tone.Faint);
        }

        foreach (var alike in account.Entries.GroupBy(entry => entry.Outcome ?? entry.Action))
        {
            var tone = alike.Key == WriteEntry.Failed ? Tone.Alarm : Tone.Plain;
            sheet.Row(words[$"write-{alike.Key}"], tone, alike.GroupBy(entry => Reason(entry, words)).SelectMany(because => new[]
            {
                new Line(string.Join(", ", because.GroupBy(Name).Select(same => same.Count() == 1 ? same.Key : $"{same.Key} \u00D7 {same.Count()}")), tone),
                new Line(because.Key, Tone.Faint),
            }));
        }
    }

    private static string Name(WriteEntry entry) => $"{entry.Reference ?? entry.Type}{(entry.Rule is null ? "" : $" ({entry.Rule})")}";

    private static string Reason(WriteEntry entry, Words words) =>
        entry.Problem
        ?? (entry.Why is { } why ? words.Say($"write-why-{why}", entry.Type)
            : entry.Action is WriteEntry.Suggest or WriteEntry.Report ? entry.Reason
            : words[$"write-state-{entry.State}"]);
}
