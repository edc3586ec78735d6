using System.Globalization;
using System.Text.Json;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;

namespace FhirMg.Screening.Bulk;

/// <summary>Where a server does not export: lists the patients and reads each by searches, into the same NDJSON. Goes on batch by batch.</summary>
internal sealed class PatientSearch(ExportOptions options, ExportFolder folder, IProgress<ExportProgress>? progress)
{
    private const int Batch = 200;

    // A patient takes about a dozen calls: so many at once keep the server's limit filled without each waiting for all.
    private const int CallsOfPatient = 4;
    private const int MostNamed = 20;
    private const int MostFailuresInRow = 50;
    private readonly FhirServer _server = options.Server;
    private readonly PatientPull _pull = new(options.Server, options.Knowledge);
    private readonly Lock _gate = new();
    private readonly SortedSet<string> _warnings = new(StringComparer.Ordinal);
    private readonly List<string> _failed = [];
    private int _failuresInRow;
    private long _done;
    private long _bytes;

    /// <summary>Reads the patients.</summary>
    /// <exception cref="FhirServerException">They cannot be listed, or the server has failed for many patients in a row.</exception>
    public async Task<ExportOutcome> RunAsync(ExportState state, IReadOnlyList<string> notes, CancellationToken cancellation)
    {
        var ids = await ListAsync(cancellation).ConfigureAwait(false);
        for (var first = 0; first < ids.Length; first += Batch)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{state.Ordinal:D4}-{(first / Batch) + 1:D6}-patients.ndjson");
            var batch = ids.AsMemory(first, Math.Min(Batch, ids.Length - first));
            if (folder.IsWhole(name))
            {
                _done += batch.Length;
                continue;
            }

            state = await ReadAsync(batch, name, ids.Length, state, cancellation).ConfigureAwait(false);
        }

        var size = folder.Size();
        var outcome = new ExportOutcome
        {
            Directory = folder.Files,
            IsBulk = false,
            Files = size.Count,
            Bytes = size.Bytes,
            NotRead = state.NotRead,
            Notes = [.. notes, .. _warnings],
            Problems = [.. Problems(ids.Length)],
        };

        // With patients missing, the next run tries those again.
        (state with { IsWhole = _failed.Count == 0, Outcome = outcome }).Save(folder.Root);
        return outcome;
    }

    private async Task<string[]> ListAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(folder.Root, "patients.txt");
        if (File.Exists(path))
        {
            return await File.ReadAllLinesAsync(path, cancellation).ConfigureAwait(false);
        }

        progress?.Report(new(ExportPhase.Searching));
        var listing = new PatientListing(_server, options.Knowledge);
        var ids = new List<string>();
        if (options.Group is { } group)
        {
            ids.AddRange(await listing.OfGroupAsync(group, cancellation).ConfigureAwait(false));
        }
        else
        {
            await foreach (var id in listing.AllAsync(cancellation).ConfigureAwait(false))
            {
                ids.Add(id);
            }
        }

        await File.WriteAllLinesAsync($"{path}.part", ids, cancellation).ConfigureAwait(false);
        File.Move($"{path}.part", path, overwrite: true);
        return [.. ids];
    }

    private async Task<ExportState> ReadAsync(ReadOnlyMemory<string> batch, string name, int total, ExportState state, CancellationToken cancellation)
    {
        var failedBefore = _failed.Count;
        var notRead = state.NotRead;
        var part = folder.PartOf(name);
        using (var target = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Math.Max(1, _server.Options.MaxConcurrency / CallsOfPatient) };
            await Parallel.ForEachAsync(Enumerable.Range(0, batch.Length), parallel, async (i, token) =>
            {
                var id = batch.Span[i];
                try
                {
                    var pulled = await _pull.ReadPagesAsync(id, options.AsOf, token).ConfigureAwait(false);
                    var lines = ResourceLines.Of(pulled.Pages);
                    lock (_gate)
                    {
                        lines.WriteTo(target);
                        notRead |= pulled.NotRead;
                        _warnings.UnionWith(pulled.Warnings);
                        _failuresInRow = 0;
                    }

                    Interlocked.Add(ref _bytes, lines.Length);
                }
                catch (Exception e) when (e is FhirServerException or JsonException)
                {
                    lock (_gate)
                    {
                        _failed.Add(e is FhirServerException ? $"Patient/{id}: {e.Message}" : $"Patient/{id}: what {_server.Options.Name} sent cannot be read");
                        if (++_failuresInRow == MostFailuresInRow)
                        {
                            throw new FhirServerException(_server.Options.Name, ServerFault.Unavailable, $"{MostFailuresInRow} patients in a row could not be read, the last because: {e.Message}", e);
                        }
                    }
                }

                progress?.Report(new(ExportPhase.Searching, Interlocked.Increment(ref _done), total, Volatile.Read(ref _bytes)));
            }).ConfigureAwait(false);
        }

        if (notRead != state.NotRead)
        {
            state = state with { NotRead = notRead };
            state.Save(folder.Root);
        }

        if (_failed.Count == failedBefore)
        {
            folder.Accept(name, part);
        }
        else
        {
            // What there is counts now, and the batch is read again by the next run.
            File.Move(part, folder.PathOf(name), overwrite: true);
        }

        return state;
    }

    private IEnumerable<string> Problems(int total)
    {
        if (_failed.Count == 0)
        {
            yield break;
        }

        yield return $"{_failed.Count} of {total} patients could not be read, and are missing in the results; run again with --resume to try these again";
        foreach (var failure in _failed.Order(StringComparer.Ordinal).Take(MostNamed))
        {
            yield return failure;
        }
    }
}
