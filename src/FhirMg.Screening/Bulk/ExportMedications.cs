using System.Globalization;
using System.Net;
using System.Text.Json;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Bulk;

/// <summary>
/// Reads the Medications that the medicines of an export refer to and that it lacks: many servers export only what is a patient's own. What is
/// read is kept at once, so that a run that broke off goes on; what was read for an earlier export is read again, since it may have changed.
/// </summary>
internal sealed class ExportMedications(ExportOptions options, ExportFolder folder, IProgress<ExportProgress>? progress)
{
    private const string Prefix = "Medication/";
    private const int LinesAtOnce = 1_000;
    private const int MostFailuresInRow = 50;
    private readonly MedicationRead _read = new(options.Server, options.Knowledge);
    private readonly ReadMedications _kept = new(folder);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly List<string> _failed = [];
    private int _done, _failuresInRow;
    private string? _reason;
    private Came _lastFailure;

    private enum Came
    {
        Whole,

        /// <summary>The server has none of this name.</summary>
        Gone,

        /// <summary>What came cannot be used, and would be the same another time.</summary>
        Unusable,

        /// <summary>It says nothing about the Medication: another time it may be had.</summary>
        NotNow,
    }

    /// <summary>Whether any was read.</summary>
    public bool HasAdded { get; private set; }

    /// <summary>Whether any is left that may be had another time.</summary>
    public bool AreLeft { get; private set; }

    /// <summary>Adds them to what was fetched.</summary>
    /// <param name="outcome">What was fetched.</param>
    /// <param name="ordinal">Number of the export among those whose files the directory holds.</param>
    /// <param name="cancellation">Ends the work; what was read stays.</param>
    /// <returns>What there is now. What cannot be read is a problem that is named: its medicines count as unresolved, or by what an earlier export had of it.</returns>
    public async Task<ExportOutcome> AddAsync(ExportOutcome outcome, int ordinal, CancellationToken cancellation)
    {
        _kept.Load(ordinal);
        var missing = Missing();
        if (missing.Count == 0)
        {
            return outcome;
        }

        await ReadAsync([.. missing.Where(name => !_kept.IsRead(name))], cancellation).ConfigureAwait(false);
        _kept.DropEarlier(_gone);
        var size = folder.Size();
        return outcome with
        {
            Files = size.Count,
            Bytes = size.Bytes,
            Notes = [.. outcome.Notes, string.Create(CultureInfo.InvariantCulture, $"the export lacks {missing.Count:N0} Medications that medicines refer to, so these were read one by one")],
            Problems = [.. outcome.Problems, .. Problems()],
        };
    }

    private IEnumerable<string> Problems()
    {
        if (_failed.Count == 0)
        {
            yield break;
        }

        var earlier = _failed.Count(_kept.IsOfEarlier);
        var counts = earlier == 0 ? "their medicines count as unresolved"
            : earlier == _failed.Count ? "what was read of them for an earlier export counts, and may have changed since"
            : string.Create(CultureInfo.InvariantCulture, $"of {earlier:N0} what was read for an earlier export counts, and may have changed since; the medicines of the others count as unresolved");
        var again = AreLeft ? "; run again with --resume to try these again" : "";
        yield return string.Create(CultureInfo.InvariantCulture, $"{_failed.Count:N0} of these Medications could not be read, the last because: {_reason}; {counts}{again}");
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

    private async Task ReadAsync(List<string> names, CancellationToken cancellation)
    {
        if (names.Count == 0)
        {
            return;
        }

        var gate = new Lock();
        using var target = _kept.Append();
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = options.Server.Options.MaxConcurrency };
        await Parallel.ForEachAsync(names, parallel, async (name, token) =>
        {
            var isStopped = Volatile.Read(ref _failuresInRow) >= MostFailuresInRow;
            var (came, lines, problem) = isStopped ? (_lastFailure == Came.NotNow ? Came.NotNow : Came.Unusable, null, null) : await TryAsync(name, token).ConfigureAwait(false);
            lock (gate)
            {
                Note(name, came, problem);
                if (lines is not null)
                {
                    lines.WriteTo(target);
                    _kept.Add(name);
                }
            }

            progress?.Report(new(ExportPhase.Medications, Interlocked.Increment(ref _done), names.Count));
        }).ConfigureAwait(false);
    }

    private void Note(string name, Came came, string? problem)
    {
        if (came == Came.Whole)
        {
            HasAdded = true;
            _failuresInRow = 0;
            return;
        }

        (_reason, _lastFailure) = problem is null ? (_reason, _lastFailure) : (problem, came);
        AreLeft |= came == Came.NotNow;
        _failed.Add(name);

        // Many may be gone of a server that gives others; one that has given none is soon asked no more.
        _failuresInRow += came != Came.Gone || !_kept.AnyRead ? 1 : 0;
        if (came == Came.Gone)
        {
            _gone.Add(name);
        }
    }

    private async Task<(Came Came, MemoryStream? Lines, string? Problem)> TryAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var answer = await _read.ReadAsync(name, cancellation).ConfigureAwait(false);
            return answer switch
            {
                { Resource: { } body } => (Came.Whole, ResourceLines.Of([body]), null),
                { Status: HttpStatusCode.NotFound or HttpStatusCode.Gone } => (Came.Gone, null, "the server does not give it"),
                _ => (Came.NotNow, null, string.Create(CultureInfo.InvariantCulture, $"the server does not give it ({(int)answer.Status})")),
            };
        }
        catch (FhirServerException e)
        {
            return (Came.NotNow, null, e.Message);
        }
        catch (JsonException)
        {
            return (Came.Unusable, null, $"what {options.Server.Options.Name} sent cannot be read");
        }
    }

    private static bool MayHoldMedicines(string path) => Path.GetFileName(path) is var name && !ReadMedications.IsOne(name)
        && (name.Contains("-Medication", StringComparison.Ordinal) || name.Contains("-resources.", StringComparison.Ordinal));
}
