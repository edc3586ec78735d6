using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>Writes what a person decides about a proposal, with that person's token and in their name.</summary>
public static class Deciding
{
    private const int Tries = 3;

    /// <summary>Reads anew what is there, and writes the decision if the proposal still stands. Decisions about one patient wait for each other.</summary>
    /// <param name="server">The server, called with the person's token (<see cref="FhirServer.As"/>).</param>
    /// <param name="assessment">What is concluded now.</param>
    /// <param name="identifier">The proposal's identifier, as in the plan that the person saw.</param>
    /// <param name="decision">What is decided.</param>
    /// <param name="language">The language of texts.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FhirServerException">What is there could not be read; <see cref="ServerFault.Refused"/> with status 401 where the token is not taken.</exception>
    public static async Task<DecisionResult> WriteAsync(
        FhirServer server, Assessment assessment, string identifier, PersonDecision decision, Language language, CancellationToken cancellationToken)
    {
        if (PatientAt.Find(server, assessment) is not { } patient)
        {
            return new(DecisionOutcome.NoLongerProposed, null, null);
        }

        if (server.Options.WritePolicy == WritePolicy.Report)
        {
            return new(DecisionOutcome.Refused, null, "the write policy of this server is 'report'");
        }

        using var turn = await PatientTurn.WaitAsync($"{server.Options.BaseUrl} {patient}", cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await TryAsync(server, assessment, identifier, decision, language, cancellationToken).ConfigureAwait(false) is { } result)
            {
                return result;
            }
        }

        return new(DecisionOutcome.Refused, null, "it is being changed by somebody else at this moment");
    }

    // Null when somebody else was faster, and what is there must be looked at again.
    private static async Task<DecisionResult?> TryAsync(
        FhirServer server, Assessment assessment, string identifier, PersonDecision decision, Language language, CancellationToken cancellationToken)
    {
        var plan = await WriteBack.PlanAsync(server, assessment, language, null, cancellationToken).ConfigureAwait(false);
        if (plan.Steps.FirstOrDefault(step => step.Identifier == identifier && WrittenTypes.BasedUpon.Contains(step.Type)) is not { } step)
        {
            return new(DecisionOutcome.NoLongerProposed, null, null);
        }

        if (step.Held is { Standing: Standing.Accepted or Standing.Rejected or Standing.Changed } held)
        {
            return new(DecisionOutcome.DecidedBefore, held.Reference, null);
        }

        var knowledge = assessment.Knowledge;
        var calls = new ServerCalls(server, knowledge);
        JsonObject Decided(JsonObject proposal) => decision.Apply(proposal, knowledge, language, assessment.Features.AsOf);

        // A draft that is withdrawn by the plan, and takes this one's place, is left to the next write-back.
        if (step is { Action: WriteAction.Leave, Held: { Standing: Standing.Ours, Json: { } written } draft } && draft.Identifier == identifier)
        {
            return draft.VersionId is null
                ? new(DecisionOutcome.Refused, null, "the server gives it no version, so that a change by somebody else could be overwritten")
                : Result(await calls.UpdateAsync(draft, Decided(written), cancellationToken).ConfigureAwait(false), draft.Reference);
        }

        if (step.Resource is not { } resource)
        {
            return new(DecisionOutcome.NoLongerProposed, null, null);
        }

        var capability = await server.CapabilityAsync(cancellationToken).ConfigureAwait(false);
        var ifNoneExist = Abilities.IsConditional(step.Type, capability[step.Type])
            ? $"identifier={Uri.EscapeDataString($"{new Names(knowledge.CanonicalBase).ProposalSystem}|{identifier}")}"
            : null;
        var answer = await calls.CreateAsync(step.Type, Decided(resource), ifNoneExist, cancellationToken).ConfigureAwait(false);

        // Nothing created, and no error: the condition found what somebody else was faster with.
        return answer is { Kind: Answered.Done, IsNew: false } && ifNoneExist is not null ? null : Result(answer, null);
    }

    private static DecisionResult? Result(WriteAnswer answer, string? reference) => answer.Kind switch
    {
        Answered.Done => new(DecisionOutcome.Written, answer.Reference ?? reference, null),
        Answered.Conflict => null,
        Answered.Refused => new(DecisionOutcome.Refused, null, answer.Said),
        _ => new(DecisionOutcome.Unknown, null, answer.Said),
    };
}
