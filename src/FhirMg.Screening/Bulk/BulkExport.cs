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
            try
            {
                return await FinishAsync(state, cancellation).ConfigureAwait(false);
            }
            catch (JobLostException e) when (job < MostJobs)
            {
                _notes.Add($"the server lost the export ({e.Message}), which was begun anew");
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
        }
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

    private async Task<ExportOutcome> FinishAsync(ExportState state, CancellationToken cancellation)
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

        var concluded = files.Conclude(state, _query, [.. _notes, .. Dropped(state)]);
        var outcome = await new ExportMedications(options, folder, progress).AddAsync(concluded, state.Ordinal, cancellation).ConfigureAwait(false);
        if (await _status.DeleteAsync(state.Status!).ConfigureAwait(false) is { } left)
        {
            outcome = outcome with { Notes = [.. outcome.Notes, left] };
        }

        (state with { IsWhole = true, Status = null, Manifest = null, Outcome = outcome }).Save(folder.Root);
        return outcome;
    }

    private static IEnumerable<string> Dropped(ExportState state) =>
        state.Dropped.Select(parameter => $"the server refuses {parameter}: {ExportQuery.Loss(parameter)}");

    // New signatures on the same files; anything else is another export.
    private static bool IsSame(ExportManifest before, ExportManifest after) =>
        before.TransactionTime == after.TransactionTime && IsSame(before.Output, after.Output) && IsSame(before.Deleted, after.Deleted) && IsSame(before.Error, after.Error);

    private static bool IsSame(IReadOnlyList<ExportFile> before, IReadOnlyList<ExportFile> after) =>
        before.Select(file => (file.Type, file.Place, file.Count)).SequenceEqual(after.Select(file => (file.Type, file.Place, file.Count)));
}
