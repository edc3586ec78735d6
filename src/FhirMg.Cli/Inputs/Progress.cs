using System.Diagnostics;

namespace FhirMg.Cli.Inputs;

/// <summary>Shows on a terminal how far the reading of many has come.</summary>
/// <param name="total">How many there are.</param>
/// <param name="what">What they are called.</param>
/// <param name="shownBeyond">The number up to which nobody needs to be told.</param>
internal sealed class Progress(int total, string what, int shownBeyond) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly bool _shown = total > shownBeyond && !Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private long _lastShown = Stopwatch.GetTimestamp();
    private int _done;

    public void Advance()
    {
        lock (_lock)
        {
            _done++;
            if (_shown && Stopwatch.GetElapsedTime(_lastShown) > Pause)
            {
                _lastShown = Stopwatch.GetTimestamp();
                Console.Error.Write($"\rread {_done} of {total} {what}");
            }
        }
    }

    public void Dispose()
    {
        if (_shown)
        {
            Console.Error.Write("\r\u001b[K");
        }
    }
}
