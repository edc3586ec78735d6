using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Fhir.Pulling;

/// <summary>A search whose first page somebody else has brought: the server is asked for the others.</summary>
/// <param name="Type">The resource type searched for.</param>
/// <param name="Next">The link to the next page, as given.</param>
public sealed record BegunSearch(string Type, string Next);

/// <summary>
/// Reads from a server what others have not brought of a patient's data. Unlike <see cref="PatientPull"/>, what cannot be had costs its own kind of
/// data only, and what has come in time counts.
/// </summary>
public sealed class PatientCompletion(FhirServer server, Knowledge knowledge)
{
    /// <summary>The id of the patient that the one read was merged into (<c>Patient.link</c> replaced-by); null when it was not, or none was read.</summary>
    public string? ReplacedBy { get; private set; }

    /// <summary>The kind of data that resources of a type are.</summary>
    public static DataKinds KindOf(string type) => type == "Patient" ? DataKinds.None : SearchPlan.Kind(type);

    /// <summary>Adds what is missing to what is there.</summary>
    /// <param name="answers">What is there; takes the rest.</param>
    /// <param name="id">The patient's id on the server.</param>
    /// <param name="missing">The types that are not there at all, <c>Patient</c> among them where it is.</param>
    /// <param name="begun">Searches that were brought without their last page.</param>
    /// <param name="asOf">The time that will be looked at.</param>
    /// <param name="deadline">Ends the work: what has not come by then is not read.</param>
    /// <returns>The kinds of data that could not be had whole. A Patient that could not be had is seen from the document.</returns>
    public async Task<DataKinds> AddAsync(
        SearchPages answers, string id, IReadOnlyCollection<string> missing, IReadOnlyCollection<BegunSearch> begun, DateTimeOffset asOf, CancellationToken deadline)
    {
        var patient = missing.Contains("Patient") ? ReadPatientAsync(id, deadline) : Task.FromResult<ReadOnlyMemory<byte>?>(null);
        var (searches, notRead) = await PlanAsync(id, missing, asOf, deadline).ConfigureAwait(false);
        var run = new SearchRun(server, knowledge);
        var readings = searches.Select(search => (search.Type, Pages: TryAsync(() => run.ReadAsync(search, [], deadline)))).ToList();
        readings.AddRange(begun.Select(search => (search.Type, Pages: IsOwn(search.Next)
            ? TryAsync(() => run.ReadAsync(new(search.Type, KindOf(search.Type), [search.Next]), [], deadline))
            : Task.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>?>(null))));
        if (await patient.ConfigureAwait(false) is { } body)
        {
            answers.Add(body.Span, "Patient");
            ReplacedBy = PatientLink.ReplacedBy(body, server.Options);
        }

        foreach (var (type, pages) in readings)
        {
            var read = await pages.ConfigureAwait(false);
            notRead |= read is null ? KindOf(type) : DataKinds.None;
            foreach (var page in read ?? [])
            {
                answers.Add(page.Span, type);
            }
        }

        return notRead;
    }

    /// <summary>Adds the Medications that the medicines so far refer to and that are not there, as far as they can be had.</summary>
    /// <param name="answers">What is there; takes the rest.</param>
    /// <param name="deadline">Ends the work.</param>
    public async Task AddMedicationsAsync(SearchPages answers, CancellationToken deadline)
    {
        var medications = new MedicationRead(server, knowledge);
        var readings = answers.Document().MissingMedications.Where(medications.IsHere)
            .Select(reference => TryAsync(async () => (await medications.ReadAsync(reference, deadline).ConfigureAwait(false)).Resource is { } body ? [body] : null)).ToList();
        foreach (var reading in readings)
        {
            foreach (var body in await reading.ConfigureAwait(false) ?? [])
            {
                answers.Add(body.Span, "Medication");
            }
        }
    }

    private bool IsOwn(string link)
    {
        // A link that is no url at all, or leads elsewhere, is not followed with the server's token.
        return Uri.TryCreate(server.Options.Root, link, out var url) && server.Options.Owns(url);
    }

    private async Task<ReadOnlyMemory<byte>?> ReadPatientAsync(string id, CancellationToken deadline)
    {
        var read = await TryAsync(async () => (await Readable.GetAsync(server, knowledge, "Patient", "Patient", $"Patient/{Uri.EscapeDataString(id)}", deadline).ConfigureAwait(false)) is (var response, not null)
            ? [response.Body]
            : null).ConfigureAwait(false);
        return read?[0];
    }

    private async Task<(IReadOnlyList<PlannedSearch> Searches, DataKinds NotOffered)> PlanAsync(
        string id, IReadOnlyCollection<string> missing, DateTimeOffset asOf, CancellationToken deadline)
    {
        var types = missing.Where(type => type != "Patient").ToList();
        if (types.Count == 0)
        {
            return ([], DataKinds.None);
        }

        try
        {
            var plan = SearchPlan.For(knowledge, await server.GrantedCapabilityAsync(deadline).ConfigureAwait(false), id, asOf, types);
            return (plan.Searches, plan.NotOffered);
        }
        catch (Exception e) when (e is FhirServerException or OperationCanceledException)
        {
            return ([], types.Aggregate(DataKinds.None, (kinds, type) => kinds | KindOf(type)));
        }
    }

    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> TryAsync(Func<Task<IReadOnlyList<ReadOnlyMemory<byte>>?>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (e is FhirServerException or OperationCanceledException)
        {
            return null;
        }
    }
}
