namespace FhirMg.Screening.Inputs;

/// <summary>Gives pieces of all files to workers: of one file one after the other, of several at once.</summary>
internal sealed class ChunkSource(IReadOnlyList<PopulationFile> files)
{
    private readonly object _gate = new();
    private int _firstOpen;

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
                    Monitor.PulseAll(_gate);
                }
            }
        }

        return null;
    }

    // Unpacking is slower than reading, so workers spread over files; of one file all wait for their turn.
    private PopulationFile? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                while (_firstOpen < files.Count && files[_firstOpen] is { IsDone: true, IsBusy: false })
                {
                    _firstOpen++;
                }

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
                        return files[i];
                    }
                }

                if (!anyLeft)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }
        }
    }
}
