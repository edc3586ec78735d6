using System.Diagnostics;
using System.Globalization;
using FhirMg.Screening;

namespace FhirMg.Cli.Screening;

/// <summary>Shows how far a screening has come: one line that is rewritten on a terminal, one every ten seconds elsewhere.</summary>
internal sealed class ScreenProgress : IProgress<ScreeningProgress>, IDisposable
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private readonly long _begun = Stopwatch.GetTimestamp();
    private long _phaseBegun = Stopwatch.GetTimestamp();
    private long _shown = Stopwatch.GetTimestamp();
    private ScreeningProgress _first;

    public void Report(ScreeningProgress value)
    {
        lock (_lock)
        {
            if (value.Phase != _first.Phase || _first.Done == 0)
            {
                (_first, _phaseBegun) = (value, Stopwatch.GetTimestamp());
            }

            if (Stopwatch.GetElapsedTime(_shown) < (_isTerminal ? OnTerminal : Elsewhere))
            {
                return;
            }

            _shown = Stopwatch.GetTimestamp();
            var line = Line(value, _first, Stopwatch.GetElapsedTime(_phaseBegun), Stopwatch.GetElapsedTime(_begun));
            Console.Error.Write(_isTerminal ? $"\r{line}\u001b[K" : line + Environment.NewLine);
        }
    }

    public void Dispose()
    {
        if (_isTerminal)
        {
            Console.Error.Write("\r\u001b[K");
        }
    }

    /// <summary>The words for how far it has come.</summary>
    internal static string Line(in ScreeningProgress now, in ScreeningProgress first, TimeSpan inPhase, TimeSpan inAll)
    {
        var culture = CultureInfo.InvariantCulture;
        if (now.Phase == ScreeningPhase.Evaluating)
        {
            return string.Create(culture, $"evaluated {now.Patients:N0} patients, {Rate(now.Patients, inPhase):N0} a second, {Clock(inAll)} elapsed");
        }

        var rate = Rate(now.Done - first.Done, inPhase);
        var share = now.Total is > 0 and var total
            ? string.Create(culture, $", {100.0 * now.Done / total:0} % of {total / 1e6:N0} MB, {(rate > 0 ? Clock(TimeSpan.FromSeconds((total - now.Done) / rate)) : "?")} left")
            : string.Create(culture, $", {Clock(inAll)} elapsed");
        return string.Create(culture, $"read {now.Resources:N0} resources, {rate / 1e6:N0} MB/s{share}");
    }

    private static double Rate(long amount, TimeSpan time) => time.TotalSeconds > 0 ? amount / time.TotalSeconds : 0;

    private static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
}
