using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>What the rules make of a case. Immutable; explanations and resources are drawn from it on demand.</summary>
public sealed class Assessment
{
    internal Assessment(CaseFeatures features, Knowledge knowledge) => (Features, Knowledge) = (features, knowledge);

    /// <summary>The case.</summary>
    public CaseFeatures Features { get; }

    /// <summary>The knowledge that it was evaluated by.</summary>
    public Knowledge Knowledge { get; }

    /// <summary>The statuses that the current serum result touches; none when there is no current status.</summary>
    public SerumStatuses Touched { get; internal init; }

    /// <summary>The status of serum magnesium.</summary>
    public SerumStatus Serum { get; internal init; }

    /// <summary>How sure deficiency is.</summary>
    public Deficiency Deficiency { get; internal init; }

    /// <summary>Risk of a severe migraine attack; meaningless without migraine.</summary>
    public RiskLevel AttackRisk { get; internal init; }

    /// <summary>Risk of a more severe course; meaningless without migraine.</summary>
    public RiskLevel CourseRisk { get; internal init; }

    /// <summary>Every rule that holds: the class, risks, context, what is proposed, and safety rules that fired.</summary>
    public RuleSet Fired { get; internal init; }

    /// <summary>Rules that would have proposed something, before safety rules blocked any.</summary>
    public RuleSet Candidates { get; internal init; }

    /// <summary>Rules whose proposals stand.</summary>
    public RuleSet Proposed { get; internal init; }

    /// <summary>Safety rules that fired.</summary>
    public RuleSet Safety => Fired.Intersect(Rules.Safety);

    /// <summary>Facts that frame the case (IN-6, STAT-2, RISKG-1, CAUSE-1, LOAD-1), or IN-9 for a deceased patient.</summary>
    public RuleSet Context => Fired.Intersect(Rules.Context);

    /// <summary>Rules that could not be evaluated; never to be read as passed.</summary>
    public RuleSet NotChecked { get; internal init; }

    /// <summary>The rule of the deficiency class; IN-9 for a deceased patient.</summary>
    public Rule DeficiencyRule => Deficiency == Deficiency.NoneEvaluated ? Rule.In9 : Rule.Def0 + (int)Deficiency;

    /// <summary>What a safety rule keeps from being proposed, looked at by itself.</summary>
    public RuleSet BlockedBy(Rule safetyRule) => Candidates.Intersect(Rules.Blocks(safetyRule));

    /// <summary>The safety rules that fired, do not block a proposal, and are read beside it.</summary>
    public RuleSet WarningsBeside(Rule proposal) => Safety.Intersect(Rules.WarnBeside(proposal));

    /// <summary>The rules that speak as notes beside a proposal.</summary>
    public RuleSet NotesBeside(Rule proposal)
    {
        var notes = RuleSet.None;
        foreach (var note in Proposed.Intersect(Rules.NotesBeside(proposal)))
        {
            notes = notes.With(note, IsNote(note));
        }

        return notes;
    }

    /// <summary>Whether the proposal of a rule is a note beside another, and no resource of its own.</summary>
    public bool IsNote(Rule rule) => rule switch
    {
        Rule.Rx4 => true,
        Rule.Rx5 => !Features.Age.IsUnder(Knowledge.Thresholds.AdultAge),
        Rule.Rx7 => Features.AuraStatus is null,
        _ => false,
    };
}
