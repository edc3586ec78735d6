using System.Globalization;
using System.Text.Json;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Bulk;

/// <summary>Reads the Medications that the medicines of an export refer to and that it lacks: many servers export only what is a patient's own.</summary>
internal sealed class ExportMedications(ExportOptions options, ExportFolder folder, IProgress<ExportProgress>? progress)
{
    private const string Prefix = "Medication/";
    private const int LinesAtOnce = 1_000;
    private const int MostFailuresInRow = 50;
    private readonly MedicationRead _read = new(options.Server, options.Knowledge);
    private int _done, _failed, _failuresInRow;
    private string? _reason;

    /// <summary>Adds them to what was fetched.</summary>
    /// <param name="outcome">What was fetched.</param>
    /// <param name="ordinal">Number of the export among those whose files the directory holds.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What there is now. What cannot be read is a problem that is named: its medicines count as unresolved.</returns>
    public async Task<ExportOutcome> AddAsync(ExportOutcome outcome, int ordinal, CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{ordinal:D4}-Medication-read.ndjson");

        // What a run that broke off had read is read again, so that nothing is left unsaid of what could not be.
        File.Delete(folder.PathOf(name));
        var missing = Missing();
        if (missing.Count == 0)
        {
            return outcome;
        }

        await ReadAsync(missing, name, cancellation).ConfigureAwait(false);
        var size = folder.Size();
        return outcome with
        {
            Files = size.Count,
            Bytes = size.Bytes,
            Notes = [.. outcome.Notes, string.Create(CultureInfo.InvariantCulture, $"the export lacks {missing.Count:N0} Medications that medicines refer to, so these were read one by one")],
            Problems = _failed == 0 ? outcome.Problems
                : [.. outcome.Problems, string.Create(CultureInfo.InvariantCulture, $"{_failed:N0} of these Medications could not be read, the last because: {_reason}; their medicines count as unresolved")],
        };
    }

    private List<string> Missing()
    {
        var (held, wanted) = (new HashSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var path in Directory.GetFiles(folder.Files).Where(MayHoldMedicines))
        {
            var (pages, lines) = (new SearchPages(options.Knowledge), 0);
            try
            {
                NdjsonFile.EachLine(path, ScreeningOptions.DefaultLongestLine, line =>
                {
                    if (NdjsonFile.NameOf(line) is { } known && known.StartsWith(Prefix, StringComparison.Ordinal))
                    {
                        held.Add(known);
                        return;
                    }

                    // By the reader of one patient's data: whether a medicine counts, and needs its Medication, is decided there.
                    pages.Add(line, "medicines");
                    if (++lines == LinesAtOnce)
                    {
                        Want(pages, wanted);
                        (pages, lines) = (new SearchPages(options.Knowledge), 0);
                    }
                });
            }
            catch (InvalidDataException)
            {
                // A damaged file: what can be read of it counts, and the screening says so.
            }

            Want(pages, wanted);
        }

        return [.. wanted.Except(held)];
    }

    private void Want(SearchPages pages, SortedSet<string> wanted) =>
        wanted.UnionWith(pages.Document().MissingMedications.Where(_read.IsHere).Select(Deletions.NameOf).OfType<string>().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)));

    private async Task ReadAsync(List<string> references, string name, CancellationToken cancellation)
    {
        var part = folder.PartOf(name);
        var gate = new Lock();
        using (var target = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = options.Server.Options.MaxConcurrency };
            await Parallel.ForEachAsync(references, parallel, async (reference, token) =>
            {
                var (body, problem) = Volatile.Read(ref _failuresInRow) >= MostFailuresInRow ? (null, _reason) : await TryAsync(reference, token).ConfigureAwait(false);
                lock (gate)
                {
                    _reason = problem ?? _reason;
                    _failed += problem is null ? 0 : 1;
                    _failuresInRow = problem is null ? 0 : _failuresInRow + 1;
                    body?.WriteTo(target);
                }

                progress?.Report(new(ExportPhase.Medications, Interlocked.Increment(ref _done), references.Count));
            }).ConfigureAwait(false);
        }

        folder.Accept(name, part);
    }

    private async Task<(MemoryStream? Lines, string? Problem)> TryAsync(string reference, CancellationToken cancellation)
    {
        try
        {
            return await _read.ReadAsync(reference, cancellation).ConfigureAwait(false) is { } body ? (ResourceLines.Of([body]), null) : (null, "the server does not give it");
        }
        catch (FhirServerException e)
        {
            return (null, e.Message);
        }
        catch (JsonException)
        {
            return (null, $"what {options.Server.Options.Name} sent cannot be read");
        }
    }

    private static bool MayHoldMedicines(string path) =>
        Path.GetFileName(path) is var name && (name.Contains("-Medication", StringComparison.Ordinal) || name.Contains("-resources.", StringComparison.Ordinal));
}
