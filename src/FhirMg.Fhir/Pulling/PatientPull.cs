using System.Net;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Fhir.Pulling;

/// <summary>What a server holds about a patient that bears on the rules.</summary>
/// <param name="Record">The facts.</param>
/// <param name="NotRead">Kinds of data that the server does not offer or did not give us.</param>
/// <param name="Warnings">What could not be read and why, and what the server said beside results; for people, not for logs.</param>
/// <param name="ReplacedBy">The id of the patient that this one was merged into (<c>Patient.link</c> replaced-by); null when it was not.</param>
public sealed record PulledPatient(PatientRecord Record, DataKinds NotRead, IReadOnlyList<string> Warnings, string? ReplacedBy = null)
{
    /// <summary>The ids of the patients that this one says it replaces (<c>Patient.link</c> replaces).</summary>
    public IReadOnlyList<string> Replaces { get; init; } = [];

    /// <summary>That the patient asked for was merged into this one, for people; null when this is the one asked for.</summary>
    public string? Merge { get; init; }

    /// <summary>The bodies that it was read from, the Patient first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pages { get; init; } = [];
}

/// <summary>The same as the server sent it.</summary>
/// <param name="Pages">The bodies: the Patient, searchsets, Medications.</param>
/// <param name="NotRead">Kinds of data that the server does not offer or did not give us.</param>
/// <param name="Warnings">What could not be read and why, and what the server said beside results; for people, not for logs.</param>
public sealed record PulledPages(IReadOnlyList<ReadOnlyMemory<byte>> Pages, DataKinds NotRead, IReadOnlyList<string> Warnings);

/// <summary>Reads one patient's data from a server: everything that the rules ask for, in parallel.</summary>
public sealed class PatientPull(FhirServer server, Knowledge knowledge)
{
    /// <summary>Reads a patient.</summary>
    /// <param name="id">The patient's id on the server.</param>
    /// <param name="asOf">The time that will be looked at.</param>
    /// <param name="cancellationToken">Ends the work; the server's own deadline does too.</param>
    /// <param name="known">Resources, UTF-8 JSON, that the caller knows to be there and a search may not list yet; null for none.</param>
    /// <exception cref="FhirServerException">The patient, or something that the server offers about it, could not be had whole.</exception>
    public Task<PulledPatient> ReadAsync(string id, DateTimeOffset asOf, CancellationToken cancellationToken, IReadOnlyList<ReadOnlyMemory<byte>>? known = null) =>
        WithinDeadlineAsync(async work => (await GatherAsync(id, asOf, work, known ?? []).ConfigureAwait(false)).Patient, cancellationToken);

    /// <summary>Reads a patient and gives what the server sent, for later.</summary>
    /// <param name="id">The patient's id on the server.</param>
    /// <param name="asOf">The time that will be looked at.</param>
    /// <param name="cancellationToken">Ends the work; the server's own deadline does too.</param>
    /// <exception cref="FhirServerException">The patient, or something that the server offers about it, could not be had whole.</exception>
    public Task<PulledPages> ReadPagesAsync(string id, DateTimeOffset asOf, CancellationToken cancellationToken) => WithinDeadlineAsync(async work =>
    {
        var (pulled, pages) = await GatherAsync(id, asOf, work, []).ConfigureAwait(false);
        return new PulledPages(pages, pulled.NotRead, pulled.Warnings);
    }, cancellationToken);

    private async Task<T> WithinDeadlineAsync<T>(Func<CancellationTokenSource, Task<T>> read, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(server.Options.Deadline);
        try
        {
            return await read(deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FhirServerException(server.Options.Name, ServerFault.Unavailable,
                $"the patient's data did not come within {server.Options.Deadline.TotalSeconds:0.#} s: check the server, or allow it more time", e);
        }
    }

    private async Task<(PulledPatient Patient, List<ReadOnlyMemory<byte>> Pages)> GatherAsync(
        string id, DateTimeOffset asOf, CancellationTokenSource work, IReadOnlyList<ReadOnlyMemory<byte>> known)
    {
        var capability = await server.GrantedCapabilityAsync(work.Token).ConfigureAwait(false);
        var plan = SearchPlan.For(knowledge, capability, id, asOf);
        var run = new SearchRun(server, knowledge);
        var warnings = new List<string>();
        var patient = ReadPatientAsync(id, work.Token);
        var searches = plan.Searches.Select(search => run.ReadAsync(search, warnings, work.Token)).ToList();
        await AllOrNoneAsync([patient, .. searches], work).ConfigureAwait(false);

        var answers = new SearchPages(knowledge);
        foreach (var resource in known)
        {
            // First, so that what the server sends of the same resource counts.
            answers.Add(resource.Span, "what was written just now");
        }

        var all = new List<ReadOnlyMemory<byte>> { await patient.ConfigureAwait(false) };
        answers.Add(all[0].Span, "Patient");
        var notRead = plan.NotOffered;
        for (var i = 0; i < searches.Count; i++)
        {
            var pages = await searches[i].ConfigureAwait(false);
            notRead |= pages is null ? plan.Searches[i].Kind : DataKinds.None;
            foreach (var page in pages ?? [])
            {
                answers.Add(page.Span, plan.Searches[i].Type);
                all.Add(page);
            }
        }

        var document = await AddMedicationsAsync(answers, all, work.Token).ConfigureAwait(false);
        foreach (var kind in Reasoning.Reporting.Words.Each(plan.NotOffered))
        {
            warnings.Add($"{server.Options.Name} does not offer {kind}");
        }

        var record = document.Patients.FirstOrDefault(record => record.Name == $"Patient/{id}" && record.IsInDocument)
            ?? throw new FhirServerException(server.Options.Name, ServerFault.Unreadable, "what it sent for the patient is not the Patient asked for");
        return (new(record, notRead, warnings, PatientLink.ReplacedBy(all[0], server.Options)) { Replaces = PatientLink.Replaces(all[0], server.Options), Pages = all }, all);
    }

    // The first failure ends the others: a part of the data must not pass for the whole, and nobody waits for the rest.
    private static async Task AllOrNoneAsync(IReadOnlyCollection<Task> tasks, CancellationTokenSource work)
    {
        try
        {
            await foreach (var task in Task.WhenEach(tasks).ConfigureAwait(false))
            {
                await task.ConfigureAwait(false);
            }
        }
        catch
        {
            await work.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadPatientAsync(string id, CancellationToken cancellationToken)
    {
        var (response, page) = await Readable.GetAsync(server, knowledge, "Patient", "Patient", $"Patient/{Uri.EscapeDataString(id)}", cancellationToken).ConfigureAwait(false);
        return page is not null ? response.Body : throw new FhirServerException(server.Options.Name, ServerFault.Refused, response.Status switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => "there is no such patient: check the id",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"we may not read this patient ({(int)response.Status}): check client, scopes and token",
            _ => $"the patient could not be read: {(int)response.Status} ({response.Said()})",
        }) { Status = (int)response.Status };
    }

    // Where a server does not include Medications in a search, those that requests refer to are read one by one.
    private async Task<Document> AddMedicationsAsync(SearchPages answers, List<ReadOnlyMemory<byte>> all, CancellationToken cancellationToken)
    {
        var document = answers.Document();
        var medications = new MedicationRead(server, knowledge);
        var references = document.MissingMedications.Where(medications.IsHere).ToList();
        if (references.Count == 0)
        {
            return document;
        }

        foreach (var read in await Task.WhenAll(references.Select(reference => medications.ReadAsync(reference, cancellationToken))).ConfigureAwait(false))
        {
            if (read.Resource is { } body)
            {
                answers.Add(body.Span, "Medication");
                all.Add(body);
            }
        }

        return answers.Document();
    }
}
