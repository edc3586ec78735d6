using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>After creating: the same is searched once more, for servers that let two creates at once both succeed.</summary>
internal sealed class DuplicateCheck(ServerCalls calls, OursReader reader, Knowledge knowledge, Language language, WriteBackOptions options)
{
    private const int Tries = 8;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);

    /// <summary>Marks losing duplicates of what the steps have created, and points the steps to the ones that stand.</summary>
    /// <exception cref="FhirServerException">It could not be looked; the next run looks again.</exception>
    public async Task SettleAsync(IReadOnlyList<WriteStep> created, WriteAttempt attempt, CancellationToken cancellationToken)
    {
        for (var attempts = 0; attempts < Tries; attempts++)
        {
            var found = await SeeAsync(created, attempt, cancellationToken).ConfigureAwait(false);
            attempt.HasTwins |= found.GroupBy(one => one.Identifier).Any(same => same.Skip(1).Any());
            foreach (var step in created)
            {
                Stand(step, found, attempt);
            }

            if (await MarkAsync(found, attempt, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    // Search may lag behind the writing: it is repeated until it shows what was written, for a bounded time.
    private async Task<List<OursOnServer>> SeeAsync(IReadOnlyList<WriteStep> created, WriteAttempt attempt, CancellationToken cancellationToken)
    {
        var type = created[0].Type;
        string[] identifiers = [.. created.Select(step => step.Identifier)];
        var targets = attempt.Results.Where(result => result.Step.Type == "RiskAssessment").Select(result => result.Reference).OfType<string>().ToList();
        var wait = FirstWait;
        for (var waited = TimeSpan.Zero; ; waited += wait, wait *= 2)
        {
            var found = await reader.FindAsync(type, identifiers, targets, cancellationToken).ConfigureAwait(false);
            var unseen = created.Select(step => attempt[step]?.Reference).OfType<string>().Except(found.Select(one => one.Reference)).ToList();
            if (unseen.Count == 0)
            {
                return found;
            }

            if (waited + wait > options.SearchLag)
            {
                foreach (var reference in unseen)
                {
                    if (await reader.ReadAsync(reference, cancellationToken).ConfigureAwait(false) is { } known)
                    {
                        found.Add(known);
                    }
                }

                return found;
            }

            await Task.Delay(wait, options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Stand(WriteStep step, List<OursOnServer> found, WriteAttempt attempt)
    {
        var reference = attempt[step]?.Reference;
        var losers = Duplicates.Find(found).Where(pair => pair.Loser.Identifier == step.Identifier).ToList();
        var standing = losers.Count > 0 ? losers[0].Standing : found.Find(one => one.Identifier == step.Identifier && one.Standing != Standing.Duplicate);
        if (standing is not null && standing.Reference != reference)
        {
            attempt.Add(step, reference is null ? attempt[step]!.Outcome : WriteOutcome.Left, standing.Reference);
        }
    }

    private async Task<bool> MarkAsync(List<OursOnServer> found, WriteAttempt attempt, CancellationToken cancellationToken)
    {
        var settled = true;
        foreach (var (loser, standing) in Duplicates.Find(found))
        {
            var step = new WriteStep(WriteAction.Withdraw, WriteState.Duplicate, loser.Type, loser.Identifier, $"written twice at once; {standing.Reference} stands")
            {
                Rule = loser.Rule, Held = loser, Withdrawal = Withdrawals.Duplicate,
            };
            var current = loser.VersionId is null ? await reader.ReadAsync(loser.Reference, cancellationToken).ConfigureAwait(false) : loser;
            if (current?.VersionId is null)
            {
                attempt.Add(step, WriteOutcome.Failed, loser.Reference, $"the server gives a {loser.Type} no version");
                continue;
            }

            var answer = await calls.UpdateAsync(current, Withdrawals.Apply(current.Json!, Withdrawals.Duplicate, knowledge, language), cancellationToken).ConfigureAwait(false);
            if (answer.Kind == Answered.Done)
            {
                attempt.Add(step, WriteOutcome.Withdrawn, loser.Reference);
            }
            else if (answer.Kind == Answered.Conflict)
            {
                settled = false;
            }
            else
            {
                attempt.Add(step, WriteOutcome.Failed, loser.Reference, answer.Said);
            }
        }

        return settled;
    }
}
