using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>Writes answers to the manifestations questionnaire, with the token and in the name of the person who recorded them.</summary>
public static class Answering
{
    private const string Type = "QuestionnaireResponse";

    /// <summary>Writes the answers; where the server can, at most once.</summary>
    /// <param name="server">The server, called with the person's token (<see cref="FhirServer.As"/>).</param>
    /// <param name="knowledge">The knowledge with the questionnaire.</param>
    /// <param name="answered">The answers.</param>
    /// <param name="resource">Them as a resource (<see cref="AnsweredQuestions.Resource"/>).</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FhirServerException">What the server can do could not be read; <see cref="ServerFault.Refused"/> with status 401 where the token is not taken.</exception>
    public static async Task<DecisionResult> WriteAsync(FhirServer server, Knowledge knowledge, AnsweredQuestions answered, JsonObject resource, CancellationToken cancellationToken)
    {
        if (server.Options.WritePolicy == WritePolicy.Report)
        {
            return new(DecisionOutcome.Refused, null, "the write policy of this server is 'report'");
        }

        var capability = await server.GrantedCapabilityAsync(cancellationToken).ConfigureAwait(false);
        if (!capability[Type].Can("create"))
        {
            return new(DecisionOutcome.Refused, null,
                capability[Type].Withheld.Contains("create") ? $"no scope to create a {Type} was granted" : $"the server takes no {Type}");
        }

        var ifNoneExist = Abilities.IsConditional(Type, capability[Type])
            ? $"identifier={Uri.EscapeDataString($"{new Names(knowledge.CanonicalBase).AnswersSystem}|{answered.Identifier}")}"
            : null;
        var answer = await new ServerCalls(server, knowledge).CreateAsync(Type, resource, ifNoneExist, cancellationToken).ConfigureAwait(false);
        return answer.Kind switch
        {
            Answered.Done => new(DecisionOutcome.Written, answer.Reference, null),
            Answered.Refused or Answered.Conflict => new(DecisionOutcome.Refused, null, answer.Said),
            _ => new(DecisionOutcome.Unknown, null, answer.Said),
        };
    }
}
