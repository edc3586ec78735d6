using System.Globalization;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Worklist;

/// <summary>One line of the worklist, the same in CSV and Parquet.</summary>
internal sealed record WorklistEntry(
    int Rank, string Urgency, string Patient, string Reasons, string Message, string Rules, string Withheld, string SerumStatus, decimal? SerumLow, decimal? SerumHigh,
    string Deficiency, string Migraine, string NotChecked, string AsOf)
{
    /// <summary>The columns, in order; a contract (docs/screening-results.md).</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "rank", "urgency", "patient", "reasons", "message", "rules", "withheld", "serum_status", "serum_low_mmol_per_l", "serum_high_mmol_per_l",
        "deficiency", "migraine", "not_checked", "as_of",
    ];

    /// <summary>The cells as text, in the order of the columns; empty where there is no value.</summary>
    public IEnumerable<string> Cells =>
    [
        Rank.ToString(CultureInfo.InvariantCulture), Urgency, Patient, Reasons, Message, Rules, Withheld, SerumStatus, Text(SerumLow), Text(SerumHigh),
        Deficiency, Migraine, NotChecked, AsOf,
    ];

    /// <summary>What is the same for all patients who are on the list for one reason.</summary>
    public static WorklistEntry Of(WorklistReason reason, Wording words, Knowledge knowledge, DateTimeOffset asOf)
    {
        // Reasons of one urgency stand in the order of the rules.
        List<Rule> rules = [.. Enumerate(reason.Rules).OrderBy(rule => Need.UrgencyOf(rule, knowledge))];
        var first = knowledge[rules[0]];
        return new(
            0, JsonName(reason.Urgency), "",
            string.Join("; ", rules.Select(rule => $"{rule.Id()} {knowledge[rule].Title[words.Language]}")),
            ((reason.Notes.Contains(rules[0]) ? first.Note : first.Message) ?? first.Title)[words.Language],
            string.Join(' ', rules.Select(rule => rule.Id())), reason.Withheld.ToString(),
            reason.Serum.Word(), null, null, reason.Deficiency.Word(),
            CohortTables.Migraine[(int)reason.Form].Code, reason.NotChecked.ToString(),
            asOf.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }

    private static IEnumerable<Rule> Enumerate(RuleSet rules)
    {
        foreach (var rule in rules)
        {
            yield return rule;
        }
    }

    private static string JsonName(Urgency urgency) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(urgency.ToString());

    private static string Text(decimal? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
}
