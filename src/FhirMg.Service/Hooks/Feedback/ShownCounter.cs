using System.Collections.Concurrent;
using System.Data.Common;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hooks.Feedback;

/// <summary>Counts the cards that are shown, and adds the counts to the store every few seconds: a call does not wait for it.</summary>
internal sealed partial class ShownCounter(IDbContextFactory<ServiceStore> stores, TimeProvider clock, ILogger<ShownCounter> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private ConcurrentDictionary<(string Tenant, string Service, string Rule, Knowledge Knowledge), long> _counts = new();

    public void Add(string tenant, string service, string rule, Knowledge knowledge) =>
        _counts.AddOrUpdate((tenant, service, rule, knowledge), 1, static (_, count) => count + 1);

    /// <summary>Writes what has been counted so far.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var counts = Interlocked.Exchange(ref _counts, new());
        if (counts.IsEmpty)
        {
            return;
        }

        try
        {
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            var day = Erasure.DayOf(clock.GetUtcNow());
            foreach (var ((tenant, service, rule, knowledge), count) in counts)
            {
                await store.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO "CdsShownCards" ("Day", "Tenant", "Service", "Rule", "Knowledge", "Count") VALUES ({day}, {tenant}, {service}, {rule}, {knowledge.Canonical}, {count})
                    ON CONFLICT ("Day", "Tenant", "Service", "Rule", "Knowledge") DO UPDATE SET "Count" = "CdsShownCards"."Count" + excluded."Count"
                    """,
                    cancellationToken);
            }
        }
        catch (DbException e)
        {
            NotCounted(logger, counts.Values.Sum(), e.GetType().Name);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await FlushAsync(CancellationToken.None);
        }
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Warning, Message = "{Count} shown cards could not be counted ({Fault})")]
    private static partial void NotCounted(ILogger logger, long count, string fault);
}
