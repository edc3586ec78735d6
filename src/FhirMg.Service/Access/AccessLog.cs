using System.Threading.Channels;
using FhirMg.Service.Observability;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Access;

/// <summary>The access log. Recording never waits: entries are written in batches beside the requests, and to the end when the service stops.</summary>
internal sealed partial class AccessLog(IDbContextFactory<ServiceStore> stores, Telemetry telemetry, TimeProvider time, ILogger<AccessLog> logger) : BackgroundService
{
    private const int Waiting = 100_000;
    private const int Batch = 500;
    private const int Tries = 5;

    // Entries of one moment are one transaction; so long at most they wait for it.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);
    private readonly Channel<AccessEntry> _entries = Channel.CreateBounded<AccessEntry>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private volatile bool _failing;

    /// <summary>Whether the store does not take entries just now.</summary>
    public bool IsFailing => _failing;

    /// <summary>Records an entry. When the store has been away for so long that no more can wait, it is lost, which is counted and said.</summary>
    public void Record(AccessEntry entry)
    {
        if (!_entries.Writer.TryWrite(entry))
        {
            Lose(1);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Requests in flight have ended by now: what they recorded is written before the store goes.
        _entries.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<AccessEntry>(Batch);
        while (await _entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            if (_entries.Reader.Count < Batch)
            {
                await Task.Delay(Moment, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            while (batch.Count < Batch && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<AccessEntry> batch)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            await Task.Delay(TimeSpan.FromSeconds(attempt), time);
            try
            {
                await using var store = await stores.CreateDbContextAsync();
                await AccessInsert.WriteAsync(store, batch);
                _failing = false;
                return;
            }
            catch (Exception e) when (StoreFaults.IsOfData(e))
            {
                LogFailed(logger, batch.Count, e.GetType().Name);
                if (batch.Count > 1)
                {
                    // Those that can be written are not lost with the one that cannot.
                    await WriteAsync(batch[..(batch.Count / 2)]);
                    await WriteAsync(batch[(batch.Count / 2)..]);
                    return;
                }

                break;
            }
            catch (Exception e) when (StoreFaults.IsOfStoreWork(e) || e is TimeoutException or IOException)
            {
                _failing = true;
                LogFailed(logger, batch.Count, e.GetType().Name);
            }
        }

        Lose(batch.Count);
    }

    private void Lose(int count)
    {
        telemetry.AccessEntriesLost.Add(count);
        LogLost(logger, count);
    }

    [LoggerMessage(1100, LogLevel.Warning, "{Count} entries of the access log could not be written ({Fault})")]
    private static partial void LogFailed(ILogger logger, int count, string fault);

    [LoggerMessage(1101, LogLevel.Error, "{Count} entries of the access log are lost: the store does not take them")]
    private static partial void LogLost(ILogger logger, int count);
}
