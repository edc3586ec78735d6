using System.Diagnostics;
using System.Globalization;
using FhirMg.Screening.Bulk;

namespace FhirMg.Cli.Screening;

/// <summary>Shows how far the fetching of a population has come: one line that is rewritten on a terminal, one every ten seconds elsewhere.</summary>
internal sealed class ExportProgressLine : IProgress<ExportProgress>, IDisposable
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private long? _shown;
    private ExportPhase? _phase;

    public void Report(ExportProgress value)
    {
        lock (_lock)
        {
            if (_phase == value.Phase && _shown is { } shown && Stopwatch.GetElapsedTime(shown) < (_isTerminal ? OnTerminal : Elsewhere))
            {
                return;
            }

            (_phase, _shown) = (value.Phase, Stopwatch.GetTimestamp());
            var line = Printable.Line(Line(value));
            Console.Error.Write(_isTerminal ? $"\r{line}\u001b[K" : $"fhirmg: {line}{Environment.NewLine}");
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
    internal static string Line(in ExportProgress progress)
    {
        var said = progress.Said is null ? "" : $": {progress.Said}";
        var share = progress.Total is { } total ? string.Create(CultureInfo.InvariantCulture, $"{progress.Done:N0} of {total:N0}") : string.Create(CultureInfo.InvariantCulture, $"{progress.Done:N0}");
        return progress.Phase switch
        {
            ExportPhase.Starting => $"asking the server to export{said}",
            ExportPhase.Preparing => $"the server prepares the export{said}",
            ExportPhase.Medications => $"read {share} Medications that the export lacks",
            ExportPhase.Searching when progress.Total is null => "listing the patients",
            ExportPhase.Searching => string.Create(CultureInfo.InvariantCulture, $"read {share} patients, {progress.Bytes / 1e6:N1} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"fetched {share} files, {progress.Bytes / 1e6:N1} MB"),
        };
    }
}
