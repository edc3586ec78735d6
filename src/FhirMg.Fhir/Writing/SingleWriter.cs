using System.Text.Json.Nodes;
using FhirMg.Fhir.Capability;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>Carries out a plan by single requests in order of dependency; wherever it breaks off, the next run goes on.</summary>
internal sealed class SingleWriter(ServerCalls calls, OursReader reader, DuplicateCheck duplicates, ServerCapability capability, Knowledge knowledge, Language language)
{
    /// <summary>Creates first and changes last: what is replaced stays until its successor is there.</summary>
    public async Task WriteAsync(WritePlan plan, WriteAttempt attempt, CancellationToken cancellationToken)
    {
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var sameType in plan.Writes.Where(step => step.Action == WriteAction.Create).GroupBy(step => step.Type))
        {
            foreach (var step in sameType)
            {
                await CreateAsync(step, references, attempt, cancellationToken).ConfigureAwait(false);
                if (attempt.IsOver)
                {
                    return;
                }
            }

            // Before anything refers to them, so that it refers to the ones that stand.
            await duplicates.SettleAsync([.. sameType], attempt, cancellationToken).ConfigureAwait(false);
            foreach (var step in sameType)
            {
                references[step.FullUrl!] = attempt[step]!.Reference!;
            }
        }

        foreach (var step in plan.Writes.Where(step => step.Action != WriteAction.Create))
        {
            await ChangeAsync(step, attempt, cancellationToken).ConfigureAwait(false);
            if (attempt.IsOver)
            {
                return;
            }
        }
    }

    // What has no version is read by itself, where servers tell it in a header.
    private async Task ChangeAsync(WriteStep step, WriteAttempt attempt, CancellationToken cancellationToken)
    {
        var held = step.Held!.VersionId is null ? await reader.ReadAsync(step.Held.Reference, cancellationToken).ConfigureAwait(false) : step.Held;
        if (held is null || held.Standing != Standing.Ours)
        {
            attempt.HasConflict = true;
            return;
        }

        if (held.VersionId is null)
        {
            attempt.Add(step, WriteOutcome.Failed, held.Reference, $"the server gives a {step.Type} no version, so that nobody could tell whether a person has changed it meanwhile");
            return;
        }

        if (step.Changed(held, knowledge, language) is not { } changed)
        {
            attempt.Add(step, WriteOutcome.Left, held.Reference);
            return;
        }

        var answer = await calls.UpdateAsync(held, changed, cancellationToken).ConfigureAwait(false);
        if (answer.Kind == Answered.Done)
        {
            attempt.Add(step, step.OutcomeOfChange, held.Reference);
        }
        else
        {
            attempt.Stop(step, answer);
        }
    }

    private async Task CreateAsync(WriteStep step, Dictionary<string, string> references, WriteAttempt attempt, CancellationToken cancellationToken)
    {
        var isConditional = Abilities.IsConditional(step.Type, capability[step.Type]);
        if (!isConditional && await FindAsync(step, references, cancellationToken).ConfigureAwait(false) is { } there)
        {
            attempt.Add(step, WriteOutcome.Left, there);
            return;
        }

        var resource = step.Resource!.DeepClone().AsObject();
        ResourceReferences.Replace(resource, references.GetValueOrDefault);
        var answer = await calls.CreateAsync(step.Type, resource, isConditional ? step.IfNoneExist : null, cancellationToken).ConfigureAwait(false);
        var reference = answer.Reference
            ?? (answer.Kind == Answered.Done ? await FindAsync(step, references, cancellationToken).ConfigureAwait(false) : null);
        if (reference is not null)
        {
            attempt.Add(step, answer.IsNew ? WriteOutcome.Created : WriteOutcome.Left, reference);
        }
        else if (answer.Kind == Answered.Done)
        {
            attempt.Problem = $"the server does not say where it has put a {step.Type}";
        }
        else
        {
            attempt.Stop(step, answer);
        }
    }

    private async Task<string?> FindAsync(WriteStep step, Dictionary<string, string> references, CancellationToken cancellationToken) =>
        (await reader.FindAsync(step.Type, [step.Identifier], references.Values, cancellationToken).ConfigureAwait(false)).FirstOrDefault()?.Reference;
}
