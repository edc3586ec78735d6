using FhirMg.Cli.Evaluating;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Servers;

/// <summary>The work on one patient at a server: read, evaluate, and write or tell what would be written.</summary>
internal sealed class PatientWork(FhirServer server, ServerRequest request, EvaluateRequest evaluate, Knowledge knowledge, Accounting accounting)
{
    private readonly MergedPull _pull = new(server, knowledge);

    /// <param name="id">The patient's id.</param>
    /// <param name="late">Ends writing that has begun; <paramref name="cancellation"/> ends all else.</param>
    /// <exception cref="FhirServerException">The patient could not be read.</exception>
    public async Task<Evaluated> RunAsync(string id, CancellationToken late, CancellationToken cancellation)
    {
        var pulled = await _pull.ReadAsync(id, evaluate.AsOf, cancellation).ConfigureAwait(false);
        var assessment = Evaluator.Evaluate(Extractor.Extract(pulled.Record, knowledge, evaluate.AsOf, pulled.NotRead), knowledge);
        cancellation.ThrowIfCancellationRequested();
        return new(assessment)
        {
            Warnings = [.. pulled.Warnings.Prepend(pulled.Merge).OfType<string>().Select(request.WithoutSecrets).Distinct()],
            Writes = request.Write ? await WriteAsync(assessment, late).ConfigureAwait(false)
                : evaluate.Format == EvaluateFormat.Fhir ? null
                : await PlanAsync(assessment, cancellation).ConfigureAwait(false),
        };
    }

    private async Task<WriteAccount> WriteAsync(Assessment assessment, CancellationToken late)
    {
        var patient = assessment.Features.Patient;
        try
        {
            var result = await WriteBack.ExecuteAsync(server, assessment, evaluate.Language, cancellationToken: late).ConfigureAwait(false);
            return accounting.Done(patient, result);
        }
        catch (FhirServerException e)
        {
            return accounting.Unknown(patient, ServerProblem.Of(e));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return accounting.Unknown(patient, "writing was broken off: run the same again, which completes it and writes nothing twice");
        }
    }

    private async Task<WriteAccount> PlanAsync(Assessment assessment, CancellationToken cancellation)
    {
        var patient = assessment.Features.Patient;
        try
        {
            // Who only looks has asked for no scope to write, unless the scopes were named.
            var options = new WriteBackOptions { AssumesWriteScopes = request.Scopes is null };
            return accounting.Planned(patient, await WriteBack.PlanAsync(server, assessment, evaluate.Language, options, cancellation).ConfigureAwait(false));
        }
        catch (FhirServerException e)
        {
            return accounting.Unknown(patient, ServerProblem.Of(e));
        }
    }
}
