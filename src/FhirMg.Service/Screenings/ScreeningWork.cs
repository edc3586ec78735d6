using FhirMg.Screening;
using FhirMg.Screening.Bulk;
using FhirMg.Screening.Delivery;
using FhirMg.Service.Configuration;
using FhirMg.Service.Evaluating;
using FhirMg.Service.Tenants;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Screenings;

/// <summary>The work on one screening: fetch, evaluate, write back where asked; what is on disk lets it go on after a restart.</summary>
internal sealed class ScreeningWork(TenantRegistry tenants, OverriddenProposals overridden, IOptions<ServiceOptions> options, TimeProvider time)
{
    private const int Threads = 1;

    /// <summary>Where the results of a job are.</summary>
    public string Results(string id) => Path.Combine(options.Value.Screenings.Directory, id, "results");

    private string Export(string id) => Path.Combine(options.Value.Screenings.Directory, id, "export");

    /// <summary>Brings a job to its end, from wherever it is.</summary>
    /// <param name="job">The job; it is told how far it has come.</param>
    /// <param name="cancellation">Stops the work.</param>
    public async Task RunAsync(ScreeningJob job, CancellationToken cancellation)
    {
        var tenant = tenants.Find(job.Server) ?? throw new ScreeningException($"no server is configured by the name '{job.Server}' any more");
        var language = job.Language == "ru" ? Reasoning.Knowing.Language.Russian : Reasoning.Knowing.Language.English;
        var export = await ServerPopulation.FetchAsync(Options(job, tenant), new Telling<ExportProgress>(progress =>
            (job.Phase, job.Done, job.Total, job.Said) = (Word(progress.Phase), progress.Done, progress.Total, progress.Said)), cancellation);
        var screening = new ScreeningOptions
        {
            Inputs = [export.Directory],
            OutDirectory = Results(job.Id),
            AsOf = job.At,
            Knowledge = tenant.Knowledge,
            Language = language,
            Threads = Threads,
            NotRead = export.NotRead,
            Resume = !export.IsNew,
        };
        WriteDelivery? delivery = null;
        var outcome = await PopulationScreening.RunAsync(screening, folder =>
        {
            delivery = job.Write ? new(new(tenant.Server, language) { Overridden = patient => overridden(tenant.Name, patient) }, folder.Create("writes.ndjson"), cancellation) : null;
            return delivery is null ? ScreeningResults.Of(screening, folder) : [.. ScreeningResults.Of(screening, folder), delivery];
        }, new Telling<ScreeningProgress>(progress =>
            (job.Phase, job.Done, job.Total, job.Said, job.Patients) = (progress.Phase == ScreeningPhase.Reading ? "reading" : "evaluating", progress.Done, progress.Total, null, progress.Patients)), cancellation);
        job.Patients = outcome.Patients;
        (job.Done, job.Total) = (outcome.Patients, outcome.Patients);
        job.Notes = string.Join('\n', export.Notes);
        job.Problems = string.Join('\n', export.Problems
            .Concat(outcome.FaultCount > 0 ? [$"{outcome.FaultCount} faults in the data that were read: see set-aside.csv"] : [])
            .Concat(delivery is { Account.FailedPatients: > 0 } ? [$"{delivery.Account.FailedPatients} of {delivery.Account.Patients} patients were not written wholly: see writes.ndjson; a new screening completes them"] : []));
        ServerPopulation.Remove(Export(job.Id));
    }

    /// <summary>After the end: removes what is no result, and has the server delete the export when it was left there.</summary>
    public async Task TidyAsync(ScreeningJob job)
    {
        if (tenants.Find(job.Server) is { } tenant && Directory.Exists(Export(job.Id)))
        {
            await ServerPopulation.AbandonAsync(Options(job, tenant));
        }
        else
        {
            ServerPopulation.Remove(Export(job.Id));
        }
    }

    /// <summary>Removes the results of jobs that the store no longer knows; what is no job's is none of ours.</summary>
    /// <param name="isKnown">Whether there is a job of that id.</param>
    public async Task SweepAsync(Func<string, Task<bool>> isKnown)
    {
        foreach (var folder in Directory.Exists(options.Value.Screenings.Directory) ? Directory.GetDirectories(options.Value.Screenings.Directory) : [])
        {
            if (IsOfJob(folder) && !await isKnown(Path.GetFileName(folder)))
            {
                ServerPopulation.Remove(folder);
            }
        }
    }

    private static bool IsOfJob(string folder) =>
        ScreeningJobs.IsId(Path.GetFileName(folder)) && Directory.EnumerateFileSystemEntries(folder).All(entry => Path.GetFileName(entry) is "results" or "export");

    private ExportOptions Options(ScreeningJob job, Tenant tenant) => new()
    {
        Server = tenant.Server,
        Knowledge = tenant.Knowledge,
        Group = job.Group,
        AsOf = job.At,
        Directory = Export(job.Id),
        Resume = true,
        KeepJobOnCancel = true,
        Time = time,
    };

    private static string Word(ExportPhase phase) => phase switch
    {
        ExportPhase.Starting => "starting",
        ExportPhase.Preparing => "preparing",
        ExportPhase.Downloading or ExportPhase.Medications => "downloading",
        _ => "searching",
    };

    private sealed class Telling<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
