using System.Text.Json.Nodes;
using FhirMg.Fhir.Capability;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>Carries out a plan by one transaction: all or nothing.</summary>
internal sealed class TransactionWriter(ServerCalls calls, Knowledge knowledge, Language language)
{
    /// <summary>Whether the server can take the plan as one transaction.</summary>
    public static bool Can(WritePlan plan, ServerCapability capability) => capability.Transactions
        && plan.Writes.All(step => step.Action == WriteAction.Create ? Abilities.IsConditional(step.Type, capability[step.Type]) : step.Held!.VersionId is not null);

    /// <summary>Sends the transaction.</summary>
    /// <returns>False when the server does not take it as a whole, so that it has to be written singly.</returns>
    public async Task<bool> WriteAsync(WritePlan plan, WriteAttempt attempt, CancellationToken cancellationToken)
    {
        var steps = plan.Writes.ToList();
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction",
            ["entry"] = new JsonArray([.. steps.Select(Entry)]),
        };
        var answer = await calls.TransactAsync(bundle, cancellationToken).ConfigureAwait(false);
        if (answer.Kind == Answered.Refused)
        {
            return false;
        }

        if (answer.Kind != Answered.Done)
        {
            attempt.Stop(steps[0], answer);
            return true;
        }

        var answers = answer.Body.Items("entry").Select(entry => entry.Member("response")).ToList();
        for (var i = 0; i < steps.Count; i++)
        {
            var response = i < answers.Count ? answers[i] : null;
            if (steps[i].Action != WriteAction.Create)
            {
                attempt.Add(steps[i], steps[i].OutcomeOfChange, steps[i].Held!.Reference);
            }
            else
            {
                var isNew = response.Text("status") is not { } status || status.StartsWith("201", StringComparison.Ordinal);
                attempt.Add(steps[i], isNew ? WriteOutcome.Created : WriteOutcome.Left, ServerCalls.ReferenceTo(steps[i].Type, response.Text("location")));
            }
        }

        return true;
    }

    private JsonNode Entry(WriteStep step) => step.Action == WriteAction.Create
        ? new JsonObject
        {
            ["fullUrl"] = step.FullUrl,
            ["resource"] = step.Resource!.DeepClone(),
            ["request"] = new JsonObject { ["method"] = "POST", ["url"] = step.Type, ["ifNoneExist"] = step.IfNoneExist },
        }
        : new JsonObject
        {
            ["resource"] = step.Changed(step.Held!, knowledge, language),
            ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = step.Held!.Reference, ["ifMatch"] = $"W/\"{step.Held.VersionId}\"" },
        };
}
