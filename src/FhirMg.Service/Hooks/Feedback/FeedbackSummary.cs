using FhirMg.Service.Hooks.Discovery;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hooks.Feedback;

/// <summary>What became of the cards of a service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Rules">One line a rule and knowledge version.</param>
internal sealed record FeedbackSummary(string Service, IReadOnlyList<RuleFeedback> Rules)
{
    /// <summary>Counts what is kept.</summary>
    public static async Task<FeedbackSummary> ReadAsync(HookService service, ServiceStore store, CancellationToken cancellationToken)
    {
        var shown = await store.Set<ShownCards>().Where(row => row.Service == service.Id)
            .GroupBy(row => new { row.Rule, row.Knowledge }).Select(group => new { group.Key.Rule, group.Key.Knowledge, Count = group.Sum(row => row.Count) })
            .ToListAsync(cancellationToken);
        var decided = await store.Set<CardFeedback>().Where(row => row.Service == service.Id)
            .GroupBy(row => new { row.Rule, row.Knowledge, row.IsOverridden, row.ReasonSystem, row.ReasonCode })
            .Select(group => new { group.Key, Count = group.LongCount() }).ToListAsync(cancellationToken);
        var keys = shown.Select(row => (row.Rule, row.Knowledge)).Concat(decided.Select(row => (row.Key.Rule, row.Key.Knowledge))).Distinct()
            .OrderBy(key => key.Knowledge, StringComparer.Ordinal).ThenBy(key => key.Rule, StringComparer.Ordinal);
        return new(service.Id, [.. keys.Select(key =>
        {
            var rows = decided.Where(row => (row.Key.Rule, row.Key.Knowledge) == key).ToList();
            return new RuleFeedback(
                key.Rule, key.Knowledge,
                shown.Where(row => (row.Rule, row.Knowledge) == key).Sum(row => row.Count),
                rows.Where(row => !row.Key.IsOverridden).Sum(row => row.Count),
                rows.Where(row => row.Key.IsOverridden).Sum(row => row.Count),
                [.. rows.Where(row => row.Key.IsOverridden).OrderByDescending(row => row.Count).Select(row => new ReasonCount(row.Key.ReasonSystem, row.Key.ReasonCode, row.Count))]);
        })]);
    }
}

/// <summary>What became of the cards of one rule.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Knowledge">The knowledge, canonical with version.</param>
/// <param name="Shown">How often a card was shown.</param>
/// <param name="Accepted">How many cards had a suggestion accepted.</param>
/// <param name="Overridden">How many were overridden.</param>
/// <param name="Reasons">Why, the most frequent first.</param>
internal sealed record RuleFeedback(string Rule, string Knowledge, long Shown, long Accepted, long Overridden, IReadOnlyList<ReasonCount> Reasons);

/// <summary>How often a reason was given.</summary>
/// <param name="System">Its system; null when none was given.</param>
/// <param name="Code">Its code; null when none was given.</param>
/// <param name="Count">How often.</param>
internal sealed record ReasonCount(string? System, string? Code, long Count);
