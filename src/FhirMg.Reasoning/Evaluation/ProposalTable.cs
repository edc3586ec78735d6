using System.Runtime.CompilerServices;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>What the rules of a knowledge propose, made once: a proposal is the same for every patient. Threads may share it.</summary>
internal sealed class ProposalTable
{
    private static readonly ConditionalWeakTable<Knowledge, ProposalTable> Tables = [];
    private static readonly Proposal[] Notes = [.. Enum.GetValues<Rule>().Select(rule => new Proposal(rule, Proposal.Note, []))];
    private readonly Knowledge _knowledge;
    private readonly Proposal?[] _byRule = new Proposal?[RuleIds.Count];

    private ProposalTable(Knowledge knowledge)
    {
        _knowledge = knowledge;
        Alternatives = [.. ActivitiesOf(Rule.Rx3).Select(activity => new Proposal(Rule.Rx3, activity.Kind, [activity]))];
        AlternativesToLead = [.. Alternatives.Where(one => !knowledge[Rule.Rx1].Activities.Contains(one.Activities[0].Id))];
    }

    /// <summary>The alternatives of RX-3.</summary>
    public IReadOnlyList<Proposal> Alternatives { get; }

    /// <summary>Those of them that RX-1 does not propose itself.</summary>
    public IReadOnlyList<Proposal> AlternativesToLead { get; }

    /// <summary>The table of a knowledge.</summary>
    public static ProposalTable Of(Knowledge knowledge) => Tables.GetValue(knowledge, static knowledge => new(knowledge));

    /// <summary>A rule as a note beside another's proposal.</summary>
    public static Proposal NoteOf(Rule rule) => Notes[(int)rule];

    /// <summary>What a rule proposes.</summary>
    public Proposal Of(Rule rule) => _byRule[(int)rule] ??= Make(rule);

    private Proposal Make(Rule rule)
    {
        var activities = ActivitiesOf(rule);
        return new(rule, activities[0].Kind, activities);
    }

    private List<Activity> ActivitiesOf(Rule rule) => [.. _knowledge[rule].Activities.Select(id => _knowledge.Activities[id])];
}
