using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>One write-back: read, plan, write, check, and again where somebody else was faster.</summary>
/// <remarks>Where the token is somebody's and is not taken, it ends: they renew it and run it again.</remarks>
internal sealed class WriteRun
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly ServerCapability _capability;
    private readonly Assessment _assessment;
    private readonly string _patient;
    private readonly Language _language;
    private readonly WriteBackOptions _options;
    private readonly WritePolicy _policy;
    private readonly OursReader _reader;
    private readonly TransactionWriter _transaction;
    private readonly SingleWriter _single;
    private readonly DuplicateCheck _duplicates;
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly List<WriteStepResult> _done = [];
    private bool _takesTransactions = true;
    private WriteManner? _manner;

    public WriteRun(FhirServer server, ServerCapability capability, Assessment assessment, string patient, Language language, WriteBackOptions options)
    {
        var knowledge = assessment.Knowledge;
        var calls = new ServerCalls(server, knowledge);
        (_capability, _assessment, _patient, _language, _options, _policy) = (capability, assessment, patient, language, options, server.Options.WritePolicy);
        _reader = new(calls, capability, knowledge);
        _duplicates = new(calls, _reader, knowledge, language, options);
        _transaction = new(calls, knowledge, language);
        _single = new(calls, _reader, _duplicates, capability, knowledge, language);
    }

    public async Task<WriteResult> RunAsync(CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var plan = await PlanAsync(cancellationToken).ConfigureAwait(false);
            var attempt = new WriteAttempt();
            try
            {
                await WriteAsync(plan, attempt, cancellationToken).ConfigureAwait(false);
            }
            catch (FhirServerException e) when (e is not { Fault: ServerFault.Refused, Status: 401 })
            {
                attempt.Problem = e.Message;
            }

            // With everything in place, the next round sees what refers to the one that does not stand.
            attempt.HasConflict |= attempt.HasTwins && !attempt.IsOver;
            _done.AddRange(attempt.Results.Where(result => result.Outcome is WriteOutcome.Created or WriteOutcome.Withdrawn or WriteOutcome.Repointed));
            _touched.UnionWith(attempt.Results.Select(result => result.Reference).OfType<string>());
            if (attempt.Refusal is var (type, said))
            {
                // A refused type is suggested instead, and costs no round: there are only so many types.
                _refused[type] = said;
                round--;
            }
            else if (!attempt.HasConflict || round == _options.Rounds)
            {
                return Result(plan, attempt);
            }
            else
            {
                _touched.UnionWith(plan.Writes.Select(step => step.Held?.Reference).OfType<string>());
                await Task.Delay(Pause * round, _options.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What would be done now; only reads.</summary>
    public async Task<WritePlan> PlanAsync(CancellationToken cancellationToken)
    {
        var ours = await _reader.ReadAsync(_patient, _touched, _refused, cancellationToken).ConfigureAwait(false);
        var plan = Plan(ours);
        if (plan.Steps.FirstOrDefault(step => step is { Type: "Provenance", Action: WriteAction.Create }) is not { } provenance)
        {
            return plan;
        }

        var targets = ours.Where(one => one.Type == "RiskAssessment").Select(one => one.Reference);
        var held = await _reader.FindAsync("Provenance", [provenance.Identifier], targets, cancellationToken).ConfigureAwait(false);
        return held.Count == 0 ? plan : Plan([.. ours, .. held]);
    }

    private WritePlan Plan(List<OursOnServer> ours) =>
        new Planner(_assessment, new(ours, _assessment, _assessment.Features.AsOf, _options.Overridden), new(_capability, _policy, _refused), _language).Plan()
            .At(_capability, _takesTransactions) with { Held = ours };

    private async Task WriteAsync(WritePlan plan, WriteAttempt attempt, CancellationToken cancellationToken)
    {
        if (!plan.Writes.Any())
        {
            return;
        }

        _manner = plan.Manner;
        if (plan.Manner == WriteManner.Transaction)
        {
            if (_takesTransactions = await _transaction.WriteAsync(plan, attempt, cancellationToken).ConfigureAwait(false))
            {
                foreach (var sameType in attempt.Results.Select(result => result.Step).Where(step => step.Action == WriteAction.Create).GroupBy(step => step.Type).ToList())
                {
                    await _duplicates.SettleAsync([.. sameType], attempt, cancellationToken).ConfigureAwait(false);
                }

                return;
            }
        }

        _manner = WriteManner.Singly;
        await _single.WriteAsync(plan, attempt, cancellationToken).ConfigureAwait(false);
    }

    private WriteResult Result(WritePlan plan, WriteAttempt attempt)
    {
        var results = new List<WriteStepResult>(_done);
        var known = _done.Where(result => result.Step.State != WriteState.Duplicate).Select(result => (result.Step.Type, result.Step.Identifier)).ToHashSet();
        foreach (var step in plan.Steps.Where(step => !known.Contains((step.Type, step.Identifier))))
        {
            results.Add(attempt[step] ?? step.Action switch
            {
                WriteAction.Leave => new(step, WriteOutcome.Left, step.Held?.Reference),
                WriteAction.Suggest => new(step, WriteOutcome.Suggested, null),
                WriteAction.Report => new(step, WriteOutcome.Reported, step.Held?.Reference),
                _ => new(step, WriteOutcome.Failed, null, attempt.Problem ?? "somebody else kept changing it"),
            });
        }

        results.AddRange(attempt.Results.Where(result => result.Outcome == WriteOutcome.Failed && !plan.Steps.Contains(result.Step)));
        return new(results) { Manner = _manner ?? plan.Manner };
    }
}
