using System.Diagnostics;

namespace FhirMg.Screening.Inputs;

/// <summary>Gives pieces of all files to workers: of one file one after the other, of several at once.</summary>
internal sealed class ChunkSource(IReadOnlyList<PopulationFile> files)
{
    // Reading a piece takes less time than waking a sleeping thread; unpacking one takes longer.
    private static readonly TimeSpan SpinFor = TimeSpan.FromMicroseconds(300);
    private readonly object _gate = new();
    private int _firstOpen;
    private int _waiting;

    /// <summary>The next piece, in the worker's buffer; null when there are none left.</summary>
    public Chunk? Next(ref byte[] buffer, CancellationToken cancellation)
    {
        while (Take() is { } file)
        {
            try
            {
                if (file.Next(ref buffer) is { } chunk)
                {
                    return chunk;
                }

                cancellation.ThrowIfCancellationRequested();
            }
            finally
            {
                lock (_gate)
                {
                    file.IsBusy = false;
                    if (_waiting > 0)
                    {
                        Monitor.PulseAll(_gate);
                    }
                }
            }
        }

        return null;
    }

    // Unpacking is slower than reading, so workers spread over files; of one file all wait for their turn.
    private PopulationFile? Take()
    {
        var began = Stopwatch.GetTimestamp();
        for (var spin = default(SpinWait); Stopwatch.GetElapsedTime(began) < SpinFor; spin.SpinOnce(sleep1Threshold: -1))
        {
            lock (_gate)
            {
                if (TryTake(out var file))
                {
                    return file;
                }
            }
        }

        lock (_gate)
        {
            _waiting++;
            PopulationFile? file;
            while (!TryTake(out file))
            {
                Monitor.Wait(_gate);
            }

            _waiting--;
            return file;
        }
    }

    // False while every file that is left is another worker's; no file when none is left.
    private bool TryTake(out PopulationFile? taken)
    {
        while (_firstOpen < files.Count && files[_firstOpen] is { IsDone: true, IsBusy: false })
        {
            _firstOpen++;
        }

        taken = null;
        var anyLeft = false;
        for (var i = _firstOpen; i < files.Count; i++)
        {
            if (files[i].IsBusy)
            {
                anyLeft = true;
            }
            else if (!files[i].IsDone)
            {
                files[i].IsBusy = true;
                taken = files[i];
                return true;
            }
        }

        return !anyLeft;
    }
}
