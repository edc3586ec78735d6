using System.Runtime.InteropServices;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hooks.Feedback;

/// <summary>Counts the cards that are shown, and adds the counts to the store every few seconds: a call does not wait for it.</summary>
internal sealed partial class ShownCounter(IDbContextFactory<ServiceStore> stores, TimeProvider clock, ILogger<ShownCounter> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _flushing = new(1);
    private readonly Lock _gate = new();
    private Dictionary<(string Tenant, string Service, string Rule, Knowledge Knowledge), long> _counts = [];

    public void Add(string tenant, string service, string rule, Knowledge knowledge, long times = 1)
    {
        lock (_gate)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, (tenant, service, rule, knowledge), out _) += times;
        }
    }

    /// <summary>Writes what has been counted so far.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        // Whoever reads the store after this finds what another was just writing.
        await _flushing.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(Taken());
        }
        finally
        {
            _flushing.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _flushing.Dispose();
        base.Dispose();
    }

    private Dictionary<(string Tenant, string Service, string Rule, Knowledge Knowledge), long> Taken()
    {
        lock (_gate)
        {
            var taken = _counts;
            _counts = [];
            return taken;
        }
    }

    // Nobody's cancellation ends it half done.
    private async Task WriteAsync(Dictionary<(string Tenant, string Service, string Rule, Knowledge Knowledge), long> counts)
    {
        if (counts.Count == 0)
        {
            return;
        }

        try
        {
            await using var store = await stores.CreateDbContextAsync();
            await using var transaction = await store.Database.BeginTransactionAsync();
            var day = Erasure.DayOf(clock.GetUtcNow());

            // In one order everywhere: two instances must not wait for each other.
            foreach (var ((tenant, service, rule, knowledge), count) in counts.OrderBy(pair => pair.Key.Tenant, StringComparer.Ordinal).ThenBy(pair => (pair.Key.Service, pair.Key.Rule, pair.Key.Knowledge.Canonical)))
            {
                await store.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO "CdsShownCards" ("Day", "Tenant", "Service", "Rule", "Knowledge", "Count") VALUES ({day}, {tenant}, {service}, {rule}, {knowledge.Canonical}, {count})
                    ON CONFLICT ("Day", "Tenant", "Service", "Rule", "Knowledge") DO UPDATE SET "Count" = "CdsShownCards"."Count" + excluded."Count"
                    """);
            }

            await transaction.CommitAsync();
        }
        catch (Exception e) when (StoreFaults.IsOfStoreWork(e))
        {
            foreach (var ((tenant, service, rule, knowledge), count) in counts)
            {
                Add(tenant, service, rule, knowledge, count);
            }

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

    [LoggerMessage(EventId = 4201, Level = LogLevel.Warning, Message = "{Count} shown cards could not be counted ({Fault}); they are counted when the store is back")]
    private static partial void NotCounted(ILogger logger, long count, string fault);
}
