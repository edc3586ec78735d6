using FhirMg.Cli.Evaluating;
using FhirMg.Cli.Inputs;
using FhirMg.Fhir.Servers;

namespace FhirMg.Cli.Servers;

/// <summary>One run of <c>fhirmg evaluate --server</c>.</summary>
internal sealed class ServerEvaluation(EvaluateRequest evaluate, ServerRequest request)
{
    // How long writing that has begun may go on after Ctrl-C; the program waits a little longer than this.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // A patient takes about a dozen calls: so many at once keep the server's limit filled without each waiting for all.
    private const int CallsOfPatient = 4;
    private const int ManyPatients = 20;
    private readonly Diagnostics _diagnostics = new();

    private ServerOutcome Outcome => new(evaluate, request, _diagnostics);

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var knowledge = evaluate.Knowledge();
        using var connection = Connection.Open(request, knowledge);
        var server = connection.Server;
        try
        {
            await WithinAsync(server, server.CapabilityAsync, cancellation).ConfigureAwait(false);
            var ids = await FindAsync(server, cancellation).ConfigureAwait(false);
            var work = new PatientWork(server, request, evaluate, knowledge, new(request, server.Options.WritePolicy));
            var outcomes = await RunAsync(work, ids, cancellation).ConfigureAwait(false);
            return Outcome.Show(knowledge, outcomes);
        }
        catch (FhirServerException e)
        {
            _diagnostics.Report(request.WithoutSecrets(ServerProblem.OfServer(e)));
            return ExitCode.Failed;
        }
    }

    private static async Task<T> WithinAsync<T>(FhirServer server, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(server.Options.Deadline);
        try
        {
            return await call(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new FhirServerException(server.Options.Name, ServerFault.Unavailable, $"it did not answer within {server.Options.Deadline.TotalSeconds:0.#} s: check the server, or allow more by --deadline", e);
        }
    }

    private async Task<List<string>> FindAsync(FhirServer server, CancellationToken cancellation)
    {
        var found = new (string? Id, string? Problem)[request.Patients.Count];
        var search = new IdentifierSearch(server);
        await EachAsync(request.Patients, async (asked, i) =>
        {
            try
            {
                found[i].Id = asked.Id ?? await WithinAsync(server, token => search.FindAsync(asked, token), cancellation).ConfigureAwait(false);
            }
            catch (FhirServerException e)
            {
                found[i].Problem = $"{asked}: {ServerProblem.Of(e)}";
            }
        }, cancellation).ConfigureAwait(false);
        foreach (var problem in found.Select(one => one.Problem).OfType<string>())
        {
            _diagnostics.Report(request.WithoutSecrets(problem));
        }

        return [.. found.Select(one => one.Id).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private async Task<List<Evaluated>> RunAsync(PatientWork work, List<string> ids, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource();
        await using var stopping = cancellation.Register(() => late.CancelAfter(Grace)).ConfigureAwait(false);
        var outcomes = new (Evaluated? Evaluated, string? Problem)[ids.Count];
        using (var progress = new Progress(ids.Count, "patients", ManyPatients))
        {
            try
            {
                await EachAsync(ids, async (id, i) =>
                {
                    try
                    {
                        outcomes[i].Evaluated = await work.RunAsync(id, late.Token, cancellation).ConfigureAwait(false);
                    }
                    catch (FhirServerException e)
                    {
                        outcomes[i].Problem = $"Patient/{id}: {ServerProblem.Of(e)}";
                    }

                    progress.Advance();
                }, cancellation).ConfigureAwait(false);
            }
            catch
            {
                // Ctrl-C, or a fault of our own: either way it is said what stands on the server.
                progress.Dispose();
                Outcome.SayWritten([.. outcomes.Select(outcome => outcome.Evaluated).OfType<Evaluated>()], ids.Count);
                throw;
            }
        }

        foreach (var problem in outcomes.Select(outcome => outcome.Problem).OfType<string>())
        {
            _diagnostics.Report(request.WithoutSecrets(problem));
        }

        return [.. outcomes.Select(outcome => outcome.Evaluated).OfType<Evaluated>()];
    }

    private Task EachAsync<T>(IReadOnlyList<T> items, Func<T, int, Task> work, CancellationToken cancellation)
    {
        const int Usual = 16;
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Math.Max(1, (request.MaxConcurrency ?? Usual) / CallsOfPatient) };
        return Parallel.ForEachAsync(Enumerable.Range(0, items.Count), parallel, async (i, _) => await work(items[i], i).ConfigureAwait(false));
    }
}
