using System.Collections.Concurrent;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Hooks.Cards;
using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hooks.Feedback;

/// <summary>Which cards people have overridden: a recommendation that was declined is not repeated for a while, unless deficiency has worsened.</summary>
internal sealed partial class OverriddenCards(IDbContextFactory<ServiceStore> stores, TenantRegistry tenants, TimeProvider clock, ILogger<OverriddenCards> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    // A row may become visible later than one that came after it.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = Knowledge.BuiltIn.Thresholds.RejectSilence;

    // What was erased, or is too old to count, is forgotten by then.
    private static readonly TimeSpan BetweenWholeLooks = TimeSpan.FromMinutes(5);
    private ConcurrentDictionary<string, Decision[]> _byPatient = new(StringComparer.Ordinal);
    private DateTimeOffset _seenUntil;
    private DateTimeOffset _wholeAt;

    /// <summary>Whether a card is not to be shown to this patient's clinicians for now.</summary>
    /// <param name="card">The card.</param>
    /// <param name="server">Name of the patient's server.</param>
    /// <param name="patient">The patient, as <see cref="PatientDigest"/>.</param>
    /// <param name="now">The class that the patient is in now.</param>
    public bool Silence(Card card, string server, string patient, Deficiency now)
    {
        if (card.Rule is not { } rule || card.Silence is not { } silence || !_byPatient.TryGetValue(patient, out var decisions))
        {
            return false;
        }

        var since = clock.GetUtcNow() - silence;
        return Array.Exists(decisions, decision => decision.When > since && MayDecide(decision.Server, server) && Choice.Of(rule).Contains(decision.Rule) && Rank(now) <= Rank(decision.Class));
    }

    /// <summary>What was overridden about a patient, for whoever writes back: the same silence holds for drafts.</summary>
    public IReadOnlyList<OverriddenCard> Of(string server, string patient) =>
        _byPatient.TryGetValue(PatientDigest.Text(PatientDigest.Of(server, patient)), out var decisions)
            ? [.. decisions.Where(decision => MayDecide(decision.Server, server)).Select(decision => new OverriddenCard(decision.Rule, decision.When, decision.Class))] : [];

    /// <summary>Remembers what a person has decided, at once; other instances learn of it from the store.</summary>
    public void Learn(CardFeedback feedback) => Learn(_byPatient, feedback);

    private static void Learn(ConcurrentDictionary<string, Decision[]> byPatient, CardFeedback feedback)
    {
        if (!RuleIds.TryParse(feedback.Rule, out var rule) || Enum.GetValues<Deficiency>().FirstOrDefault(one => one.Word() == feedback.Class, Deficiency.NoneEvaluated) is var shown && shown == Deficiency.NoneEvaluated)
        {
            return;
        }

        byPatient.AddOrUpdate(feedback.Patient, _ => Without([]), (_, known) => Without(known));

        Decision[] Without(Decision[] known) => feedback.IsOverridden
            ? [.. known.Where(IsOther), new(feedback.Server, feedback.Card, rule, shown, feedback.DecidedAt)]
            : [.. known.Where(IsOther)];

        bool IsOther(Decision decision) => decision.Card != feedback.Card || decision.Server != feedback.Server;
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = clock.GetUtcNow();
            var isWhole = now - _wholeAt >= BetweenWholeLooks;
            var since = isWhole ? now - Longest : _seenUntil - Overlap;
            var byPatient = isWhole ? new(StringComparer.Ordinal) : _byPatient;
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            foreach (var feedback in await store.Set<CardFeedback>().AsNoTracking().Where(one => one.At > since).ToListAsync(cancellationToken))
            {
                Learn(byPatient, feedback);
            }

            // What was learned here meanwhile lies within the overlap of the next look.
            (_byPatient, _seenUntil, _wholeAt) = (byPatient, now, isWhole ? now : _wholeAt);
        }
        catch (Exception e) when (StoreFaults.IsOfStoreWork(e))
        {
            NotLooked(logger, e.GetType().Name);
        }
    }

    // Feedback does not say whose patient it is about, and its card's uuid can be made up: it counts at the servers that its sender may call for.
    private bool MayDecide(string at, string server) => at == server
        || (tenants.Find(at) is { Settings: var one } && tenants.Find(server) is { Settings: var other }
            && ((one.AllowUnauthenticatedCds && other.AllowUnauthenticatedCds) || one.CdsClients.Any(client => other.CdsClients.Any(also => also.Issuer == client.Issuer))));

    // The order in which classes worsen; all others come before.
    private static int Rank(Deficiency deficiency) => deficiency switch
    {
        Deficiency.Confirmed => 3,
        Deficiency.LatentSuspected => 2,
        Deficiency.Possible => 1,
        _ => 0,
    };

    [LoggerMessage(EventId = 4202, Level = LogLevel.Warning, Message = "Overridden cards could not be read ({Fault}): some may be shown again")]
    private static partial void NotLooked(ILogger logger, string fault);

    private sealed record Decision(string Server, Guid Card, Rule Rule, Deficiency Class, DateTimeOffset When);
}
