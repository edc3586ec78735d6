using FhirMg.Service.Configuration;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Store;

/// <summary>Erases, hour by hour, what is older than <c>FhirMg:RetentionDays</c> and what has expired.</summary>
internal sealed partial class Retention(Erasure erasure, IOptions<ServiceOptions> options, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    // Whoever has something to do when a row expires, such as giving a token back, erases it by then.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>Erases once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = await erasure.EraseOldAsync(now.AddDays(-options.Value.RetentionDays), now - Grace, cancellationToken);
        if (rows > 0)
        {
            LogErased(logger, rows);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = First; ; wait = Interval)
        {
            await Task.Delay(wait, time, stoppingToken);
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (StoreFaults.IsOfStoreWork(e) && !stoppingToken.IsCancellationRequested)
            {
                // The next round erases what this one could not.
                LogFailed(logger, e.GetType().Name);
            }
        }
    }

    [LoggerMessage(1010, LogLevel.Information, "Retention erased {Rows} rows")]
    private static partial void LogErased(ILogger logger, int rows);

    [LoggerMessage(1011, LogLevel.Warning, "Retention could not erase ({Fault}); it tries again in an hour")]
    private static partial void LogFailed(ILogger logger, string fault);
}
