using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Hooks.Cards;
using FhirMg.Service.Hooks.Discovery;
using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hooks.Feedback;

/// <summary>Keeps feedback, joined to rule and knowledge version by what the card's uuid says.</summary>
internal sealed class FeedbackBook(IDbContextFactory<ServiceStore> stores, OverriddenCards overridden, TimeProvider clock)
{
    /// <summary>Keeps entries; one about the same card takes the place of the former.</summary>
    /// <returns>What was kept: entries about cards that are none of ours are not.</returns>
    public async Task<IReadOnlyList<CardFeedback>> KeepAsync(Tenant tenant, HookService service, IReadOnlyList<FeedbackEntry> entries, CancellationToken cancellationToken)
    {
        var rows = entries.Select(entry => Row(tenant, service, entry)).OfType<CardFeedback>()
            .GroupBy(row => row.Card).Select(group => group.Last()).ToList();
        try
        {
            await SaveAsync(rows, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody has just written the same card: now it is there, and is updated.
            await SaveAsync(rows, cancellationToken);
        }

        rows.ForEach(overridden.Learn);
        return rows;
    }

    private async Task SaveAsync(List<CardFeedback> rows, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        foreach (var row in rows)
        {
            if (await store.Set<CardFeedback>().FindAsync([row.Server, row.Card], cancellationToken) is { } known)
            {
                store.Entry(known).CurrentValues.SetValues(row);
            }
            else
            {
                store.Add(row);
            }
        }

        await store.SaveChangesAsync(cancellationToken);
    }

    private CardFeedback? Row(Tenant tenant, HookService service, FeedbackEntry entry)
    {
        if (!CardId.TryRead(entry.Card, out var id))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var accepted = entry.Suggestions.Select(uuid => CardId.TryRead(uuid, out var suggestion) ? suggestion.Rule?.Id() : null).OfType<string>().Distinct().ToList();
        return new()
        {
            Server = tenant.Name,
            Card = entry.Card,
            Service = service.Id,
            Rule = id.Rule?.Id() ?? CardId.Incomplete,
            Class = id.Class.Word(),

            // The version is known by its tag alone: cards of another one were shown before an update.
            Knowledge = CardId.VersionOf(tenant.Knowledge) == id.Version ? tenant.Knowledge.Canonical : $"{tenant.Knowledge.Url}|#{id.Version}",
            Patient = PatientDigest.Text(id.Patient),
            IsOverridden = entry.IsOverridden,
            AcceptedRules = accepted.Count == 0 ? null : string.Join(' ', accepted),
            ReasonSystem = entry.ReasonSystem,
            ReasonCode = entry.ReasonCode,
            Comment = entry.Comment,
            DecidedAt = entry.DecidedAt is { } when && when < now ? when.ToUniversalTime() : now,
            At = now,
        };
    }
}
