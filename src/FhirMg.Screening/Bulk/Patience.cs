using System.Security.Cryptography;

namespace FhirMg.Screening.Bulk;

/// <summary>Waits between attempts: as the server asks, else longer each time; until it has failed for too long.</summary>
internal sealed class Patience(ExportOptions options)
{
    private const double Growth = 1.6;
    private static readonly TimeSpan LongestOwnWait = TimeSpan.FromSeconds(30);
    private TimeSpan _next = options.FirstWait;
    private long? _failingSince;

    /// <summary>Waits after an answer that is no failure, such as a job that goes on.</summary>
    public Task WaitAsync(TimeSpan? asked, CancellationToken cancellation)
    {
        _failingSince = null;
        return DelayAsync(asked, cancellation);
    }

    /// <summary>Waits after a failure; false, and at once, when it has been failing for too long.</summary>
    public async Task<bool> WaitAfterFailureAsync(TimeSpan? asked, CancellationToken cancellation)
    {
        _failingSince ??= options.Time.GetTimestamp();
        if (options.Time.GetElapsedTime(_failingSince.Value) > options.Patience)
        {
            return false;
        }

        await DelayAsync(asked, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>What was failing works.</summary>
    public void Reset() => (_next, _failingSince) = (options.FirstWait, null);

    private Task DelayAsync(TimeSpan? asked, CancellationToken cancellation)
    {
        // A wait of zero, or a date in the past, is no leave to hammer.
        var wait = asked is { } time && time > options.FirstWait ? time : asked is null ? _next : options.FirstWait;
        _next = _next * Growth > LongestOwnWait ? LongestOwnWait : _next * Growth;
        var jitter = 1 + (RandomNumberGenerator.GetInt32(0, 200) / 1000d);
        return Task.Delay(wait * jitter, options.Time, cancellation);
    }
}
