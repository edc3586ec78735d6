using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening.Worklist;

/// <summary>What a patient needs: the rules that ask for something to be done.</summary>
internal static class Need
{
    private static readonly RuleSet Attack = RuleSet.Of(Rule.Rx6, Rule.Rx7);
    private static readonly RuleSet Treatment = RuleSet.Range(Rule.Rx1, Rule.Rx5);
    private static readonly RuleSet Laboratory = RuleSet.Range(Rule.Lab1, Rule.Lab4);

    // Something is wrong by itself, whatever the patient takes or would be proposed.
    private static readonly RuleSet ByItself = RuleSet.Of(Rule.Safe3, Rule.Safe8, Rule.Safe9);

    /// <summary>
    /// The rules that ask for something: what is proposed, and of the safety rules those that are wrong by themselves, those that keep something from
    /// being proposed, and all when the patient takes magnesium or is proposed some. A contraindication to a medicine that nobody takes
    /// or thinks of is no work for anybody.
    /// </summary>
    public static RuleSet Of(Assessment assessment)
    {
        var takesOrWould = assessment.Features.OnAnyMagnesium || assessment.Proposed.Overlaps(Treatment.Union(Attack));
        var bearing = RuleSet.None;
        for (var rule = Rule.Safe1; rule <= Rule.Safe12; rule++)
        {
            bearing = bearing.With(rule, assessment.Safety.Contains(rule)
                && (takesOrWould || ByItself.Contains(rule) || !assessment.BlockedBy(rule).IsEmpty));
        }

        return assessment.Proposed.Union(bearing);
    }

    /// <summary>How urgent a rule is.</summary>
    public static Urgency UrgencyOf(Rule rule, Knowledge knowledge) => rule == Rule.Safe8 ? Urgency.Critical
        : knowledge[rule].Severity is { } severity ? severity == Severity.High ? Urgency.Safety : Urgency.Review
        : Attack.Contains(rule) ? Urgency.Attack
        : Treatment.Contains(rule) ? Urgency.Treatment
        : rule == Rule.Rx8 ? Urgency.Review
        : rule == Rule.Diet1 ? Urgency.Diet
        : Laboratory.Contains(rule) ? Urgency.Laboratory
        : Urgency.Ask;
}
