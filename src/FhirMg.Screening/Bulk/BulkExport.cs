using FhirMg.Fhir.Servers;

namespace FhirMg.Screening.Bulk;

/// <summary>
/// A client of Bulk Data 2.0: has the server export a population, fetches the files, takes out what is deleted, and deletes the job. A
/// run that broke off goes on where it was.
/// </summary>
internal sealed class BulkExport(ExportOptions options, ExportFolder folder, IProgress<ExportProgress>? progress)
{
    private const int MostJobs = 2;
    private const int MostRenewals = 5;
    private readonly FhirServer _server = options.Server;
    private readonly JobStatus _status = new(options);
    private readonly List<string> _notes = [];
    private ExportQuery _query = null!;

    /// <summary>The outcome; null when the server offers no export, and then <paramref name="refusals"/> says why.</summary>
    public async Task<ExportOutcome?> RunAsync(ExportState? earlier, ICollection<string> refusals, CancellationToken cancellation)
    {
        _query = ExportQuery.For(options, await _server.GrantedCapabilityAsync(cancellation).ConfigureAwait(false));
        for (var job = 1; ; job++)
        {
            var state = earlier ?? await BeginAsync(refusals, cancellation).ConfigureAwait(false);
            if (state is null)
            {
                return null;
            }

            earlier = null;
            _query = _query with { Dropped = state.Dropped };
            ExportState whole;
            try
            {
                whole = await FetchAsync(state, cancellation).ConfigureAwait(false);
            }
            catch (JobLostException e) when (job < MostJobs)
            {
                _notes.Add($"the server lost the export ({e.Message}), which was begun anew");
                continue;
            }
            catch (JobLostException e)
            {
                throw new FhirServerException(_server.Options.Name, ServerFault.Unavailable, $"it lost the export again ({e.Message}): its operator can tell why", e);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested && !options.KeepJobOnCancel)
            {
                await _status.DeleteAsync(state.Status!).ConfigureAwait(false);
                (state with { Status = null, Manifest = null }).Save(folder.Root);
                throw;
            }

            return await CompleteAsync(whole, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What is left to do once all files are there: the job is deleted, and the Medications that they lack are read.</summary>
    /// <param name="state">Of an export that is whole.</param>
    /// <param name="cancellation">Ends the work; the next run goes on with the Medications that are left.</param>
    public async Task<ExportOutcome> CompleteAsync(ExportState state, CancellationToken cancellation)
    {
        var fetched = state.Fetched! with { Directory = folder.Files };
        if (state.Status is { } status)
        {
            // The files are here, so the job is of no use any more, however long reading the Medications takes.
            fetched = await _status.DeleteAsync(status).ConfigureAwait(false) is { } left ? fetched with { Notes = [.. fetched.Notes, left] } : fetched;
            state = state with { Status = null, Manifest = null, Fetched = fetched };
            state.Save(folder.Root);
        }

        var medications = new ExportMedications(options, folder, progress);
        var outcome = await medications.AddAsync(fetched, state.Ordinal, cancellation).ConfigureAwait(false);
        outcome = outcome with { IsNew = state.Outcome is null || medications.HasAdded };
        (state with { Outcome = outcome, Fetched = medications.AreLeft ? fetched : null }).Save(folder.Root);
        return outcome;
    }

    private async Task<ExportState?> BeginAsync(ICollection<string> refusals, CancellationToken cancellation)
    {
        progress?.Report(new(ExportPhase.Starting));
        var begun = await new KickOff(options).BeginAsync(_query, refusals, progress, cancellation).ConfigureAwait(false);
        if (begun is null)
        {
            return null;
        }

        var held = ExportState.TryLoad(folder.Root);
        var goesOn = options.Since is not null && !begun.Query.Dropped.Contains("_since") && held is { IsWhole: true } && held.IsOf(options);
        if (!goesOn)
        {
            folder.Clear();
            if (options.Since is not null && !begun.Query.Dropped.Contains("_since"))
            {
                _notes.Add("no earlier export is here to add the changes to: what patients had before is missing in the results");
            }
        }

        var state = new ExportState
        {
            Server = _server.Options.BaseUrl.AbsoluteUri,
            Group = options.Group,
            Since = options.Since,
            Ordinal = goesOn ? held!.Ordinal + 1 : 1,
            Status = begun.Status,
            Dropped = begun.Query.Dropped,
        };
        state.Save(folder.Root);
        return state;
    }

    private async Task<ExportState> FetchAsync(ExportState state, CancellationToken cancellation)
    {
        if (state.Manifest is null)
        {
            state = state with { Manifest = await _status.WaitAsync(state.Status!, progress, cancellation).ConfigureAwait(false) };
            state.Save(folder.Root);
        }

        var files = new ExportFiles(options, folder, progress);
        for (var renewals = 0; !await files.FetchAsync(state, _query, cancellation).ConfigureAwait(false); renewals++)
        {
            if (renewals == MostRenewals)
            {
                throw new FhirServerException(_server.Options.Name, ServerFault.Refused, "the links to the files of the export do not work, and asking for new ones did not help: "
                    + "if the files lie beside the server's base and want its token, name that place as the export base (--export-base, or ExportBase in the configuration)");
            }

            var renewed = await _status.WaitAsync(state.Status!, progress, cancellation).ConfigureAwait(false);
            if (!IsSame(state.Manifest!, renewed))
            {
                files.Forget(state);
                _notes.Add("the server made the files of the export anew, so all were fetched again");
            }

            state = state with { Manifest = renewed };
            state.Save(folder.Root);
        }

        state = state with { IsWhole = true, Fetched = files.Conclude(state, _query, [.. _notes, .. Dropped(state)]) };
        state.Save(folder.Root);
        return state;
    }

    private static IEnumerable<string> Dropped(ExportState state) =>
        state.Dropped.Select(parameter => $"the server refuses {parameter}: {ExportQuery.Loss(parameter)}");

    // New signatures on the same files; anything else is another export.
    private static bool IsSame(ExportManifest before, ExportManifest after) =>
        before.TransactionTime == after.TransactionTime && IsSame(before.Output, after.Output) && IsSame(before.Deleted, after.Deleted) && IsSame(before.Error, after.Error);

    private static bool IsSame(IReadOnlyList<ExportFile> before, IReadOnlyList<ExportFile> after) =>
        before.Select(file => (file.Type, file.Place, file.Count)).SequenceEqual(after.Select(file => (file.Type, file.Place, file.Count)));
}
