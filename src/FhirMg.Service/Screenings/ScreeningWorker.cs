using FhirMg.Fhir.Servers;
using FhirMg.Screening;
using FhirMg.Service.Store;

namespace FhirMg.Service.Screenings;

/// <summary>Works on screenings, one after the other. One that was interrupted, here or in an instance that is no more, goes on.</summary>
internal sealed partial class ScreeningWorker(ScreeningJobs jobs, ScreeningWork work, TimeProvider time, ILogger<ScreeningWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);
    private readonly string _owner = ScreeningJobs.NewId();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset? swept = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (swept is null || time.GetUtcNow() - swept > SweepEvery)
                {
                    swept = time.GetUtcNow();
                    await work.SweepAsync(async id => await jobs.FindAsync(id, stoppingToken) is not null);
                }

                if (await jobs.TakeAsync(_owner, stoppingToken) is { } job)
                {
                    await RunAsync(job, stoppingToken);
                    continue;
                }
            }
            catch (Exception e) when ((StoreFaults.IsOfStoreWork(e) || e is ScreeningException) && !stoppingToken.IsCancellationRequested)
            {
                LogStore(logger, e.GetType().Name);
            }

            await Task.Delay(Idle, time, stoppingToken);
        }
    }

    private async Task RunAsync(ScreeningJob job, CancellationToken stopping)
    {
        LogBegun(logger, job.Id, job.Server);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var isCancelled = false;
        var beating = BeatAsync();
        try
        {
            await work.RunAsync(job, stop.Token);
            (job.State, job.Phase) = (ScreeningState.Done, "done");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            (job.State, job.Phase) = isCancelled ? (ScreeningState.Cancelled, "cancelled") : (ScreeningState.Running, job.Phase);
        }
        catch (Exception e) when (e is FhirServerException or ScreeningException)
        {
            (job.State, job.Phase, job.Problems) = (ScreeningState.Failed, "failed", e.Message);
        }
#pragma warning disable CA1031 // One job must not take the worker, and with it all later ones, down.
        catch (Exception e)
#pragma warning restore CA1031
        {
            (job.State, job.Phase, job.Problems) = (ScreeningState.Failed, "failed", "a fault of this service, which was logged");
            LogFault(logger, job.Id, e.GetType().FullName!, e.StackTrace ?? "");
        }

        await watch.CancelAsync();
        await beating;
        if (job.IsOver)
        {
            await work.TidyAsync(job);
            await jobs.EndAsync(job, _owner);
        }
        else
        {
            await jobs.ReleaseAsync(job, _owner);
        }

        LogEnded(logger, job.Id, job.State);

        async Task BeatAsync()
        {
            while (!watch.IsCancellationRequested)
            {
                await Task.Delay(Beat, time, watch.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (watch.IsCancellationRequested)
                {
                    return;
                }

                try
                {
                    var (isOurs, isCancelRequested) = await jobs.TellAsync(job, _owner, watch.Token);
                    isCancelled |= isCancelRequested;
                    if (!isOurs || isCancelRequested)
                    {
                        await stop.CancelAsync();
                        return;
                    }
                }
                catch (Exception e) when (StoreFaults.IsOfStoreWork(e) || e is OperationCanceledException)
                {
                    // The store rests for a moment: the lease is longer than that.
                    LogStore(logger, e.GetType().Name);
                }
            }
        }
    }

    [LoggerMessage(1700, LogLevel.Information, "Screening {Id} of {Server} is begun or goes on")]
    private static partial void LogBegun(ILogger logger, string id, string server);

    [LoggerMessage(1701, LogLevel.Information, "Screening {Id} is left as {State}")]
    private static partial void LogEnded(ILogger logger, string id, ScreeningState state);

    [LoggerMessage(1702, LogLevel.Error, "Screening {Id} failed by {Fault} {Stack}")]
    private static partial void LogFault(ILogger logger, string id, string fault, string stack);

    [LoggerMessage(1703, LogLevel.Warning, "The store of screenings could not be used ({Fault}); it is tried again")]
    private static partial void LogStore(ILogger logger, string fault);
}
