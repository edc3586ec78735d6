using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>
/// Writes assessments to a server as the table in <c>docs/write-back.md</c> says. What the server holds is the only memory, so a run
/// that broke off is repaired by the next.
/// </summary>
public static class WriteBack
{
    /// <summary>What is to be done; a pure function.</summary>
    /// <param name="assessment">What is concluded.</param>
    /// <param name="ours">What of ours the server holds about the patient.</param>
    /// <param name="capability">What the server can do.</param>
    /// <param name="policy">What may be written at most.</param>
    /// <param name="language">The language of texts.</param>
    /// <param name="asOf">Now: how long ago something was decided is told from it.</param>
    /// <param name="overridden">What people have overridden in feedback on cards, which no FHIR server holds; null for nothing.</param>
    public static WritePlan Plan(
        Assessment assessment, IReadOnlyList<OursOnServer> ours, ServerCapability capability, WritePolicy policy, Language language, DateTimeOffset asOf,
        IReadOnlyList<OverriddenCard>? overridden = null) =>
        new Planner(assessment, new(ours, assessment, asOf, overridden ?? []), new(capability, policy, new Dictionary<string, string>()), language).Plan()
            .At(capability, takesTransactions: true);

    /// <summary>Reads what is there and tells what <see cref="ExecuteAsync"/> would do, how, and why. Nothing is written.</summary>
    /// <param name="server">The server; with <see cref="FhirServer.As"/>, as far as the caller's scopes go.</param>
    /// <param name="assessment">What is concluded.</param>
    /// <param name="language">The language of texts.</param>
    /// <param name="options">What people have overridden in feedback; null for nothing.</param>
    /// <param name="cancellationToken">Ends the work; the server's own deadline does too.</param>
    /// <exception cref="FhirServerException">What is there could not be read; <see cref="ServerFault.Refused"/> with status 401 where a caller's token is not taken.</exception>
    public static async Task<WritePlan> PlanAsync(
        FhirServer server, Assessment assessment, Language language, WriteBackOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        if (PatientAt.Find(server, assessment) is not { } patient)
        {
            return new([Elsewhere()]) { Manner = WriteManner.Report };
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(server.Options.Deadline);
        try
        {
            var capability = await server.GrantedCapabilityAsync(options.AssumesWriteScopes ? Permission.Create | Permission.Update : Permission.None, deadline.Token).ConfigureAwait(false);

            // Where there are only reports, what was written before does not matter.
            return server.Options.WritePolicy == WritePolicy.Report
                ? Plan(assessment, [], capability, WritePolicy.Report, language, assessment.Features.AsOf, options.Overridden)
                : await new WriteRun(server, capability, assessment, patient, language, options).PlanAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FhirServerException(server.Options.Name, ServerFault.Unavailable,
                $"what it holds of ours did not come within {server.Options.Deadline.TotalSeconds:0.#} s: check the server, or allow it more time", e);
        }
    }

    /// <summary>Reads what is there, plans, and does it. Writes of one patient wait for each other.</summary>
    /// <param name="server">The server; with <see cref="FhirServer.As"/>, as far as the caller's scopes go.</param>
    /// <param name="assessment">What is concluded.</param>
    /// <param name="language">The language of texts.</param>
    /// <param name="options">What people have overridden in feedback, and how long to wait for a slow server; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work; the next run repairs what it leaves undone.</param>
    /// <returns>What became of each step; a step that failed is done by running again.</returns>
    /// <exception cref="FhirServerException">
    /// What is there could not be read; <see cref="ServerFault.Refused"/> with status 401 where a caller's token is not taken. What was
    /// written before that stays, and the next run goes on.
    /// </exception>
    public static async Task<WriteResult> ExecuteAsync(
        FhirServer server, Assessment assessment, Language language, WriteBackOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (PatientAt.Find(server, assessment) is not { } patient)
        {
            return new([new(Elsewhere(), WriteOutcome.Reported, null)]) { Manner = WriteManner.Report };
        }

        using var turn = await PatientTurn.WaitAsync($"{server.Options.BaseUrl} {patient}", cancellationToken).ConfigureAwait(false);
        var capability = await server.GrantedCapabilityAsync(cancellationToken).ConfigureAwait(false);
        return await new WriteRun(server, capability, assessment, patient, language, options ?? new()).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static WriteStep Elsewhere() =>
        new(WriteAction.Report, WriteState.NoProposalYet, "Patient", "", "nothing can be written about a patient without an id, or of another server");
}
