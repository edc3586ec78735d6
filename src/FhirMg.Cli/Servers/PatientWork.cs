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
    private readonly PatientPull _pull = new(server, knowledge);

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
            Warnings = [.. pulled.Warnings.Select(request.WithoutSecrets).Distinct()],
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
            var seen = WriteWatch.Begin();
            var result = await WriteBack.ExecuteAsync(server, assessment, evaluate.Language, cancellationToken: late).ConfigureAwait(false);
            return accounting.Done(patient, result, seen.Manner);
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

    // A write-back that is stopped at its first write: what it was about to do is the plan, found out in the very way it would be done.
    private async Task<WriteAccount> PlanAsync(Assessment assessment, CancellationToken cancellation)
    {
        var patient = assessment.Features.Patient;
        if (server.Options.WritePolicy == WritePolicy.Report)
        {
            var capability = await server.CapabilityAsync(cancellation).ConfigureAwait(false);
            return accounting.Planned(patient, WriteBack.Plan(assessment, [], capability, WritePolicy.Report, evaluate.Language, evaluate.AsOf).Steps, null);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(server.Options.Deadline);
        try
        {
            var seen = WriteWatch.Begin();
            var result = await WriteBack.ExecuteAsync(server, assessment, evaluate.Language, cancellationToken: deadline.Token).ConfigureAwait(false);
            return accounting.Planned(patient, [.. result.Steps.Select(step => step.Step)], seen.Manner);
        }
        catch (FhirServerException e)
        {
            return accounting.Unknown(patient, ServerProblem.Of(e));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return accounting.Unknown(patient, $"what it holds of ours did not come within {server.Options.Deadline.TotalSeconds:0.#} s: allow more by --deadline");
        }
    }
}
