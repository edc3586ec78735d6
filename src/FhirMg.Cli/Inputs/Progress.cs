using System.Diagnostics;

namespace FhirMg.Cli.Inputs;

/// <summary>Shows on a terminal how far the reading of many files has come.</summary>
internal sealed class Progress(int total) : IDisposable
{
    private const int ManyFiles = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly bool _shown = total > ManyFiles && !Console.IsErrorRedirected;
    private long _lastShown = Stopwatch.GetTimestamp();
    private int _done;

    public void Advance()
    {
        _done++;
        if (_shown && Stopwatch.GetElapsedTime(_lastShown) > Pause)
        {
            _lastShown = Stopwatch.GetTimestamp();
            Console.Error.Write($"\rread {_done} of {total} files");
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
