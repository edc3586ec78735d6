using System.Globalization;
using FhirMg.Fhir.Servers;

namespace FhirMg.Screening.Bulk;

/// <summary>The files of an export: fetches those that are not there, checks them, and makes them what is screened.</summary>
internal sealed class ExportFiles(ExportOptions options, ExportFolder folder, IProgress<ExportProgress>? progress)
{
    private const string Deleted = "deleted";
    private const string Error = "error";
    private readonly FileFetch _fetch = new(options, folder);
    private readonly List<string> _problems = [];

    /// <summary>Fetches all files that are not whole yet, several at once; false when links have expired.</summary>
    public async Task<bool> FetchAsync(ExportState state, ExportQuery query, CancellationToken cancellation)
    {
        var manifest = state.Manifest!;
        var wanted = Wanted(state, query).ToList();
        var missing = wanted.Where(file => NameOfWhole(file.Name) is null).ToList();
        var done = wanted.Count - missing.Count;
        var expired = 0;
        progress?.Report(new(ExportPhase.Downloading, done, wanted.Count));
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = options.Server.Options.MaxConcurrency };
        await Parallel.ForEachAsync(missing, parallel, async (file, token) =>
        {
            // One expired link is like the others: no use in trying them all.
            if (Volatile.Read(ref expired) > 0)
            {
                return;
            }

            if (await FetchAsync(file.File, file.Name, manifest.RequiresAccessToken, token).ConfigureAwait(false) == Fetched.Expired)
            {
                Interlocked.Increment(ref expired);
                return;
            }

            progress?.Report(new(ExportPhase.Downloading, Interlocked.Increment(ref done), wanted.Count, _fetch.Bytes));
        }).ConfigureAwait(false);
        return expired == 0;
    }

    /// <summary>The files of this export no longer count.</summary>
    public void Forget(ExportState state)
    {
        foreach (var path in Directory.GetFiles(folder.Files, $"{Prefix(state)}*").Concat(Directory.GetFiles(folder.Root, $"{Prefix(state)}*")))
        {
            File.Delete(path);
        }
    }

    /// <summary>Takes out what is deleted, reads what the server could not export, and sums up.</summary>
    public ExportOutcome Conclude(ExportState state, ExportQuery query, IReadOnlyList<string> notes)
    {
        var own = Wanted(state, query).Select(file => NameOfWhole(file.Name)!).ToList();
        var errors = own.Where(name => name.Contains($"-{Error}.", StringComparison.Ordinal)).Select(folder.PathOf).ToList();
        _problems.AddRange(ExportErrors.Read(errors, options.Knowledge));
        var deletions = own.Where(name => name.Contains($"-{Deleted}.", StringComparison.Ordinal)).Select(folder.PathOf).ToList();
        var taken = TakeOut(deletions);
        foreach (var path in errors.Concat(deletions))
        {
            File.Delete(path);
        }

        var size = folder.Size();
        return new()
        {
            Directory = folder.Files,
            IsBulk = true,
            Files = size.Count,
            Bytes = size.Bytes,
            TransactionTime = state.Manifest!.TransactionTime,
            NotRead = query.NotOffered,
            Deleted = taken,
            Notes = [.. notes, .. Skipped(state, query)],
            Problems = [.. _problems],
        };
    }

    private async Task<Fetched> FetchAsync(ExportFile file, string name, bool withToken, CancellationToken cancellation)
    {
        var part = folder.PartOf(name);
        for (var attempt = 1; ; attempt++)
        {
            if (await _fetch.FetchAsync(file, name, withToken, cancellation).ConfigureAwait(false) == Fetched.Expired)
            {
                return Fetched.Expired;
            }

            if (Doubt(file, part) is not { } doubt)
            {
                break;
            }

            // A file that comes short twice is short at the server: what there is counts, and it is said.
            if (attempt > 1)
            {
                lock (_problems)
                {
                    _problems.Add(doubt);
                }

                break;
            }
        }

        folder.Accept(NdjsonFile.IsGzip(part) ? $"{name}.gz" : name, part);
        return Fetched.Whole;
    }

    private static string? Doubt(ExportFile file, string path)
    {
        if (file.Count is not { } count)
        {
            return null;
        }

        var lines = 0L;
        try
        {
            NdjsonFile.EachLine(path, int.MaxValue / 2, _ => lines++);
        }
        catch (InvalidDataException)
        {
            return $"a file of the export ({file.Type}) is damaged: what can be read of it counts";
        }

        return lines == count ? null : $"a file of the export ({file.Type}) holds {lines} resources, and the server announced {count}";
    }

    private long TakeOut(List<string> deletions)
    {
        var deleted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var unreadable in deletions.Select(path => Deletions.Collect(path, deleted)).Where(unreadable => unreadable > 0))
        {
            _problems.Add($"{unreadable} lines of what the server says is deleted cannot be read: resources may count that are no more");
        }

        if (deleted.Count == 0)
        {
            return 0;
        }

        var taken = 0L;
        foreach (var path in Directory.GetFiles(folder.Files).Except(deletions))
        {
            var rest = folder.PartOf(Path.GetFileName(path));
            var found = Deletions.TakeOut(path, rest, deleted);
            taken += found;
            if (found > 0)
            {
                folder.Accept(Path.GetFileName(path), rest);
            }
        }

        return taken;
    }

    // The manifest names each file's type: one that was not asked for need not be fetched.
    private static IEnumerable<(ExportFile File, string Name)> Wanted(ExportState state, ExportQuery query) =>
        state.Manifest!.Output.Select((file, i) => (File: file, Name: Name(state, i, file.Type))).Where(pair => IsWanted(pair.File, query))
            .Concat(state.Manifest.Deleted.Select((file, i) => (file, Name(state, i, Deleted))))
            .Concat(state.Manifest.Error.Select((file, i) => (file, Name(state, i, Error))));

    private static bool IsWanted(ExportFile file, ExportQuery query) => file.Type.Length == 0 || query.Types.Contains(file.Type);

    private static IEnumerable<string> Skipped(ExportState state, ExportQuery query)
    {
        var types = state.Manifest!.Output.Where(file => !IsWanted(file, query)).Select(file => file.Type).Distinct().Order(StringComparer.Ordinal).ToList();
        return types.Count == 0 ? [] : [$"the server exported types that were not asked for, which were not fetched: {string.Join(", ", types.Take(10))}{(types.Count > 10 ? " …" : "")}"];
    }

    private static string Prefix(ExportState state) => string.Create(CultureInfo.InvariantCulture, $"{state.Ordinal:D4}-");

    private static string Name(ExportState state, int number, string type) => string.Create(CultureInfo.InvariantCulture,
        $"{Prefix(state)}{number + 1:D6}-{(type.Length > 0 && type.All(char.IsAsciiLetterOrDigit) ? type : "resources")}.ndjson");

    private string? NameOfWhole(string name) => folder.IsWhole(name) ? name : folder.IsWhole($"{name}.gz") ? $"{name}.gz" : null;
}
