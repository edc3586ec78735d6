using FhirMg.Fhir.Servers;

namespace FhirMg.Screening.Bulk;

/// <summary>Fetches a population from a server: by Bulk Data where it can, else patient by patient.</summary>
public static class ServerPopulation
{
    /// <summary>Fetches the population into the directory, for <see cref="PopulationScreening"/> to read.</summary>
    /// <param name="options">Which, from where, and where to.</param>
    /// <param name="progress">Is told how far it has come, also from several threads; may be null.</param>
    /// <param name="cancellation">
    /// Ends the work. A job at the server is deleted, unless <see cref="ExportOptions.KeepJobOnCancel"/> says otherwise; what is fetched stays for <see cref="ExportOptions.Resume"/>.
    /// </param>
    /// <exception cref="FhirServerException">The server refuses, or failed for too long; a later run can resume.</exception>
    /// <exception cref="ScreeningException">The directory cannot be used.</exception>
    public static async Task<ExportOutcome> FetchAsync(ExportOptions options, IProgress<ExportProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var folder = ExportFolder.Open(options.Directory);
        try
        {
            return await FetchAsync(options, folder, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScreeningException($"{options.Directory}: the export cannot be kept: {e.Message} Check that there is room; with --resume it goes on where it was", e);
        }
    }

    /// <summary>Gives an export up for good: has the server delete a job that was left there, and removes what was fetched.</summary>
    /// <exception cref="ScreeningException">The directory cannot be used.</exception>
    public static async Task AbandonAsync(ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using (var folder = ExportFolder.Open(options.Directory))
        {
            if (ExportState.Load(folder.Root) is { Status: { } status } left && left.IsOf(options) && options.Server.Options.Owns(status))
            {
                await new JobStatus(options).DeleteAsync(status).ConfigureAwait(false);
            }
        }

        Remove(options.Directory);
    }

    /// <summary>Removes what was fetched: it is patients' data, and no longer needed once the results are there.</summary>
    /// <exception cref="ScreeningException">It cannot be removed.</exception>
    public static void Remove(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScreeningException($"{directory}: the fetched data of patients cannot be removed: {e.Message} Remove them by hand", e);
        }
    }

    private static async Task<ExportOutcome> FetchAsync(ExportOptions options, ExportFolder folder, IProgress<ExportProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new(ExportPhase.Starting));
        using var turn = await ExportTurn.WaitAsync(options, cancellation).ConfigureAwait(false);
        var held = options.Resume ? ExportState.Load(folder.Root) : ExportState.TryLoad(folder.Root);
        if (options.Resume && held is not null && (!held.IsOf(options) || held.Since != options.Since))
        {
            throw new ScreeningException($"{options.Directory}: it holds an export of another server or group, or since another time: name the same ones, or begin anew without --resume");
        }

        if (options.Resume && held is { IsWhole: true, Fetched: not null })
        {
            return await new BulkExport(options, folder, progress).CompleteAsync(held, cancellation).ConfigureAwait(false);
        }

        if (options.Resume && held is { IsWhole: true, Outcome: { } whole })
        {
            return whole with { Directory = folder.Files, IsNew = false };
        }

        if (options.Resume && held is { IsSearch: true })
        {
            return await new PatientSearch(options, folder, progress).RunAsync(held, [], cancellation).ConfigureAwait(false);
        }

        if (!options.Resume && held is { Status: { } left } && held.IsOf(options) && options.Server.Options.Owns(left))
        {
            // Begun anew: the job of a run that broke off is of no use to anybody.
            await new JobStatus(options).DeleteAsync(left).ConfigureAwait(false);
        }

        var refusals = new List<string>();
        var resumed = options.Resume && held?.Status is not null ? held : null;
        if (await new BulkExport(options, folder, progress).RunAsync(resumed, refusals, cancellation).ConfigureAwait(false) is { } exported)
        {
            return exported;
        }

        folder.Clear();
        File.Delete(Path.Combine(folder.Root, "patients.txt"));
        var state = new ExportState { Server = options.Server.Options.BaseUrl.AbsoluteUri, Group = options.Group, Since = options.Since, Ordinal = 1, IsSearch = true };
        state.Save(folder.Root);
        List<string> notes = [$"the server exports nothing, so each patient is searched for: {string.Join("; ", refusals.Distinct().Take(3))}"];
        if (options.Since is not null)
        {
            notes.Add("a search reads everything, and not only what changed");
        }

        return await new PatientSearch(options, folder, progress).RunAsync(state, notes, cancellation).ConfigureAwait(false);
    }
}
