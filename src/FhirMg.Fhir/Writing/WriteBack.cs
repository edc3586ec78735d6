using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;
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
        new Planner(assessment, new(ours, assessment, asOf, overridden ?? []), new(capability, policy, new Dictionary<string, string>()), language).Plan();

    /// <summary>Reads what is there, plans, and does it. Writes of one patient wait for each other.</summary>
    /// <param name="server">The server.</param>
    /// <param name="assessment">What is concluded.</param>
    /// <param name="language">The language of texts.</param>
    /// <param name="options">How long to wait for a slow server; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work; the next run repairs what it leaves undone.</param>
    /// <returns>What became of each step; a step that failed is done by running again.</returns>
    /// <exception cref="FhirServerException">What is there could not be read. What was written before that stays, and the next run goes on.</exception>
    public static async Task<WriteResult> ExecuteAsync(
        FhirServer server, Assessment assessment, Language language, WriteBackOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (PatientAt.Find(server, assessment) is not { } patient)
        {
            var elsewhere = new WriteStep(WriteAction.Report, WriteState.NoProposalYet, "Patient", "", "nothing can be written about a patient without an id, or of another server");
            return new([new(elsewhere, WriteOutcome.Reported, null)]);
        }

        using var turn = await PatientTurn.WaitAsync($"{server.Options.BaseUrl} {patient}", cancellationToken).ConfigureAwait(false);
        var capability = await server.CapabilityAsync(cancellationToken).ConfigureAwait(false);
        return await new WriteRun(server, capability, assessment, patient, language, options ?? new()).RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
