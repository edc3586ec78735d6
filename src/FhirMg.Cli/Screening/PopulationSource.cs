using System.Diagnostics.CodeAnalysis;
using FhirMg.Cli.Servers;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening;
using FhirMg.Screening.Bulk;
using FhirMg.Screening.Delivery;

namespace FhirMg.Cli.Screening;

/// <summary>The server's part of a run of <c>fhirmg screen --server</c>: fetches the population before, and writes back beside.</summary>
internal sealed class PopulationSource(PopulationRequest request, Knowledge knowledge, string outDirectory) : IDisposable
{
    private readonly Connection _connection = Connection.Open(request.Server, knowledge);
    private Func<DeliveryAccount>? _written;

    private string Directory => Path.Combine(outDirectory, "export");

    /// <summary>Whether something is missing or doubtful, or was not written.</summary>
    public bool HasProblems { get; private set; }

    /// <exception cref="InputException">The population cannot be had.</exception>
    public async Task<ExportOutcome> FetchAsync(DateTimeOffset asOf, bool resume, CancellationToken cancellation)
    {
        try
        {
            ExportOutcome outcome;
            using (var progress = new ExportProgressLine())
            {
                outcome = await ServerPopulation.FetchAsync(new()
                {
                    Server = _connection.Server,
                    Knowledge = knowledge,
                    Group = request.Group,
                    Since = request.Since,
                    AsOf = asOf,
                    Directory = Directory,
                    Resume = resume,
                    KeepJobOnCancel = request.KeepJob,
                }, progress, cancellation);
            }

            foreach (var note in outcome.Notes.Concat(outcome.Problems))
            {
                Diagnostics.Say(request.Server.WithoutSecrets(note));
            }

            HasProblems |= outcome.Problems.Count > 0;
            return outcome;
        }
        catch (FhirServerException e)
        {
            throw new InputException($"{request.Server.WithoutSecrets(ServerProblem.OfServer(e))}. What was fetched is kept in {Directory}: run the same command with --resume to go on", e);
        }
    }

    /// <summary>Adds what writes the results back, where that is asked for; the run disposes of it with the others.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The run disposes of its sinks.")]
    public void AddDelivery(ICollection<IResultSink> sinks, Language language, ResultFolder folder, CancellationToken cancellation)
    {
        if (request.Server.Write)
        {
            var delivery = new WriteDelivery(new(_connection.Server, language, request.WritesPerSecond), folder.Create("writes.ndjson"), cancellation);
            _written = () => delivery.Account;
            sinks.Add(delivery);
        }
    }

    /// <summary>After the results are there: tells what was written, and removes what was fetched.</summary>
    public void Conclude()
    {
        SayWritten();
        if (!request.KeepExport)
        {
            ServerPopulation.Remove(Directory);
        }
    }

    /// <summary>Tells what was written up to now.</summary>
    public void SayWritten()
    {
        if (_written?.Invoke() is not { } account)
        {
            return;
        }

        foreach (var problem in account.Problems)
        {
            Diagnostics.Say(request.Server.WithoutSecrets(problem));
        }

        HasProblems |= account.FailedPatients > 0;
        var failed = account.FailedPatients > 0 ? $"; {account.FailedPatients} patients not written wholly: run the same again, nothing is written twice" : "";
        Diagnostics.Say($"delivered {account.Patients} patients: {account.Created} resources created, {account.Withdrawn} withdrawn, {account.NotWritten} not taken by the server or its write policy{failed}");
    }

    public void Dispose() => _connection.Dispose();
}
