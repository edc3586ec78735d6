using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>How rules stand to each other.</summary>
internal static class Rules
{
    public static RuleSet Safety { get; } = RuleSet.Range(Rule.Safe1, Rule.Safe12);

    public static RuleSet Context { get; } = RuleSet.Of(Rule.In6, Rule.In9, Rule.Stat2, Rule.RiskG1, Rule.Cause1, Rule.Load1);

    /// <summary>Proposals that safety rules may block: RX-1 to RX-7 and DIET-1, notes included.</summary>
    public static RuleSet Blockable { get; } = RuleSet.Range(Rule.Rx1, Rule.Rx7).With(Rule.Diet1);

    /// <summary>Oral magnesium and the notes beside it.</summary>
    public static RuleSet Oral { get; } = RuleSet.Range(Rule.Rx1, Rule.Rx5);

    /// <summary>Magnesium sulfate by injection.</summary>
    public static RuleSet Injection { get; } = RuleSet.Of(Rule.Rx6, Rule.Rx7);

    /// <summary>What a safety rule blocks; nothing for those that only warn.</summary>
    public static RuleSet Blocks(Rule safetyRule) => safetyRule switch
    {
        Rule.Safe1 or Rule.Safe3 => Blockable,
        Rule.Safe4 or Rule.Safe5 => Injection,
        Rule.Safe6 => RuleSet.Range(Rule.Rx1, Rule.Rx7),
        Rule.Safe12 => RuleSet.Of(Rule.Rx5),
        _ => RuleSet.None,
    };

    /// <summary>The rules that may speak as notes beside a proposal.</summary>
    public static RuleSet NotesBeside(Rule proposal) => proposal switch
    {
        Rule.Rx1 or Rule.Rx2 => RuleSet.Of(Rule.Rx4, Rule.Rx5),
        Rule.Rx6 => RuleSet.Of(Rule.Rx7),
        _ => RuleSet.None,
    };

    /// <summary>The safety rules that, when they fire, are read beside a proposal: those that do not block it, and bear on it.</summary>
    public static RuleSet WarnBeside(Rule proposal) => Oral.Contains(proposal)
        ? RuleSet.Of(Rule.Safe2, Rule.Safe4, Rule.Safe5, Rule.Safe7, Rule.Safe8, Rule.Safe9)
        : Injection.Contains(proposal) ? RuleSet.Of(Rule.Safe2, Rule.Safe8, Rule.Safe9, Rule.Safe10, Rule.Safe11) : RuleSet.None;
}
