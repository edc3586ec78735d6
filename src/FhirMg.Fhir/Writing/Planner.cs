using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Model;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Fhir.Writing;

/// <summary>Plans by the table in <c>docs/write-back.md</c>: what the assessment asks for, against what the server holds. Pure.</summary>
internal sealed class Planner
{
    private readonly Assessment _assessment;
    private readonly Language _language;
    private readonly Abilities _abilities;
    private readonly Names _names;
    private readonly History _history;
    private readonly List<Wanted> _wanted = [];
    private List<WriteStep> _withdrawals = [];

    public Planner(Assessment assessment, History history, Abilities abilities, Language language)
    {
        (_assessment, _history, _abilities, _language) = (assessment, history, abilities, language);
        _names = new(assessment.Knowledge.CanonicalBase);
    }

    public WritePlan Plan()
    {
        // The first composition finds out what stands; only then is it known what new proposals take the place of.
        ProposalBundle.Of(_assessment, _language, Place);
        _withdrawals = [.. Untouched().Select(Withdraw)];
        _wanted.Clear();
        var entries = ProposalBundle.Of(_assessment, _language, Place).Entry;

        var steps = new List<WriteStep>();
        foreach (var wanted in _wanted)
        {
            var entry = entries.Find(entry => ReferenceEquals(entry.Resource, wanted.Resource));

            // A choice of one is none, and is not composed.
            if (wanted.Action != WriteAction.Create || entry is not null)
            {
                steps.Add(wanted.Step(_names, entry));
            }
        }

        steps.AddRange(_withdrawals.Select(step => step with { Successor = Successor(step, steps) }));
        steps.AddRange(Repoint());
        steps.AddRange(_history.Duplicates.Select(pair => Withdrawal(pair.Loser, WriteState.Duplicate, Withdrawals.Duplicate, $"written twice at once; {pair.Standing.Reference} stands")));
        return new(steps);
    }

    private static string? Successor(WriteStep withdrawal, IEnumerable<WriteStep> steps) =>
        steps.FirstOrDefault(step => step.Action == WriteAction.Create && step.Held?.Reference == withdrawal.Held!.Reference)?.FullUrl;

    private Placement Place(DomainResource resource)
    {
        var wanted = Wanted.From(resource, _names);
        wanted = WrittenTypes.IsProposal(wanted.Type) ? Proposal(wanted) : Finding(wanted);
        _wanted.Add(wanted);
        return wanted.Placement;
    }

    // Assessments follow the evidence.
    private Wanted Finding(Wanted wanted) =>
        _history.Find(wanted.Type, wanted.Identifier) is { } held ? Keep(wanted, held, WriteState.SameEvidence, "written before, from the same evidence")
        : _history.Ours.Any(one => one.Type == wanted.Type && one.Rule == wanted.Rule) ? Create(wanted, WriteState.EvidenceChanged, "the evidence has changed")
        : Create(wanted, WriteState.NoProposalYet, "nothing of the kind is there");

    // Proposals follow the conclusion.
    private Wanted Proposal(Wanted wanted)
    {
        var generation = 0;
        var held = _history.Find(wanted.Type, wanted.Identifier);
        while (held is not null && _history.IsClosed(held))
        {
            held = _history.Find(wanted.Type, ProposalBundle.Again(wanted.Identifier, ++generation));
        }

        wanted = wanted with { Placement = new() { Generation = generation } };
        if (held is not null)
        {
            return Held(wanted, held);
        }

        if (_history.DecisionOn(wanted) is { } decision)
        {
            // What the conclusion is called must not depend on what people make of it: the last there was, else the first.
            return Leave(wanted, decision, new() { IsOmitted = true, Generation = Math.Max(0, generation - 1) });
        }

        return _history.SilenceOn(wanted) is { } rejection ? Leave(wanted, rejection, new() { IsSilenced = true, Generation = generation })
            : _history.IsOverridden(wanted) ? Overridden(wanted)
            : Create(wanted, generation);
    }

    private Wanted Held(Wanted wanted, OursOnServer held) => held.Standing switch
    {
        Standing.Accepted => Keep(wanted, held, WriteState.Accepted, "a person has accepted it"),
        Standing.Rejected => Keep(wanted, held, WriteState.Rejected, "a person has rejected it"),
        Standing.Changed => Keep(wanted, held, WriteState.ChangedByOthers, "somebody else has changed it"),
        _ when _history.DecisionOn(held) is { } decision => Leave(wanted, decision, new() { IsOmitted = true, Generation = wanted.Placement.Generation }),
        _ => _wanted.Exists(other => other.Type == "RiskAssessment" && other.State == WriteState.EvidenceChanged)
            ? Keep(wanted, held, WriteState.EvidenceChanged, "the evidence has changed, the conclusion has not")
            : Keep(wanted, held, WriteState.SameEvidence, "written before, from the same evidence"),
    };

    private Wanted Create(Wanted wanted, int generation)
    {
        var replaced = Predecessor(wanted);
        wanted = wanted with { Held = replaced, Placement = wanted.Placement with { Replaces = replaced?.Reference } };
        return replaced is not null ? Create(wanted, WriteState.ConclusionChanged, $"the conclusion has changed: it takes the place of {replaced.Reference}")
            : generation > 0 || _history.WasProposed(wanted) ? Create(wanted, WriteState.IndicatedAgain, "an earlier one is closed, and it is indicated again")
            : Create(wanted, WriteState.NoProposalYet, "nothing of the kind is there");
    }

    private Wanted Create(Wanted wanted, WriteState state, string reason) => _abilities.WhyNot(wanted.Type) is var (obstacle, why)
        ? wanted with { Action = _abilities.Instead(wanted.Type), State = state, Obstacle = obstacle, Reason = why, Placement = wanted.Placement with { IsOmitted = true } }
        : wanted with { Action = WriteAction.Create, State = state, Reason = reason };

    private static Wanted Keep(Wanted wanted, OursOnServer held, WriteState state, string reason) => wanted with
    {
        Action = WriteAction.Leave, Held = held, State = state, Reason = reason, Placement = wanted.Placement with { Held = held.Reference },
    };

    private static Wanted Leave(Wanted wanted, OursOnServer decision, Placement placement) => wanted with
    {
        Action = WriteAction.Leave,
        Held = decision,
        Placement = placement,
        State = decision.Standing switch { Standing.Accepted => WriteState.Accepted, Standing.Rejected => WriteState.Rejected, _ => WriteState.ChangedByOthers },
        Reason = decision.Standing switch
        {
            Standing.Accepted => $"a person has accepted {decision.Reference}",
            Standing.Rejected => $"a person has rejected {decision.Reference}, and the deficiency class is no worse",
            _ => $"somebody else has changed {decision.Reference}",
        },
    };

    private static Wanted Overridden(Wanted wanted) => wanted with
    {
        Action = WriteAction.Leave,
        Placement = wanted.Placement with { IsSilenced = true },
        State = WriteState.Rejected,
        Reason = "a person has overridden the card about it, and the deficiency class is no worse",
    };

    private OursOnServer? Predecessor(Wanted wanted)
    {
        var withdrawn = _withdrawals.Where(step => step.Action == WriteAction.Withdraw && step.Type == wanted.Type).Select(step => step.Held!).ToList();
        return withdrawn.Find(old => old.Slot == wanted.Slot)
            ?? withdrawn.Find(old => old.Rule is { } before && wanted.Rule is { } now && Choice.Of(now) != RuleSet.Of(now) && Choice.AreLeads(before, now));
    }

    private IEnumerable<OursOnServer> Untouched() => _history.Ours
        .Where(one => WrittenTypes.IsProposal(one.Type) && one is { Standing: Standing.Ours, Rule: not null } && !_wanted.Exists(wanted => wanted.Placement.Held == one.Reference))
        .OrderBy(one => one.Reference, StringComparer.Ordinal);

    private WriteStep Withdraw(OursOnServer one)
    {
        var rule = one.Rule!.Value;
        return _assessment.Features.NotRead != DataKinds.None
            ? new(WriteAction.Leave, WriteState.NoLongerIndicated, one.Type, one.Identifier, "not all data could be read, so nothing is withdrawn") { Rule = rule, Held = one }
            : _history.DecisionOn(one) is { } decision ? Withdrawal(one, WriteState.Accepted, Withdrawals.Decided, $"a person has decided: {decision.Reference}")
            : _wanted.Exists(wanted => wanted is { Placement.IsSilenced: false, Rule: { } now } && wanted.Type == one.Type && Choice.Of(rule).Contains(now))
                ? Withdrawal(one, WriteState.ConclusionChanged, Withdrawals.Superseded, "the conclusion has changed")
            : Choice.IsOnTherapy(_assessment, rule) ? Withdrawal(one, WriteState.OnTherapy, Withdrawals.OnTherapy, "the patient gets it already")
            : _assessment.Candidates.Contains(rule) ? Withdrawal(one, WriteState.NoLongerIndicated, Withdrawals.Safety, "a safety rule stands against it")
            : Withdrawal(one, WriteState.NoLongerIndicated, Withdrawals.NotIndicated, "it is no longer indicated");
    }

    // What is withdrawn is history and keeps its references; so does what cannot be changed.
    private IEnumerable<WriteStep> Repoint()
    {
        var standing = Repointing.Of(_history);
        return _history.Ours
            .Where(one => one.Standing == Standing.Ours && !_withdrawals.Exists(step => step.Held == one) && _abilities.WhyNotChanged(one.Type) is null)
            .Where(one => standing.Count > 0 && Repointing.Apply(one.Json, standing, _names) is not null)
            .OrderBy(one => one.Reference, StringComparer.Ordinal)
            .Select(one => new WriteStep(WriteAction.Repoint, WriteState.Duplicate, one.Type, one.Identifier, "it refers to what was written twice at once")
            {
                Rule = one.Rule, Held = one, Standing = standing,
            });
    }

    private WriteStep Withdrawal(OursOnServer one, WriteState state, string code, string reason)
    {
        var why = _abilities.WhyNotChanged(one.Type);
        return new(why is null ? WriteAction.Withdraw : WriteAction.Report, state, one.Type, one.Identifier, why?.Reason ?? reason)
        {
            Rule = one.Rule, Held = one, Withdrawal = code, Obstacle = why?.Obstacle,
        };
    }
}
