using System.Numerics;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>Evaluates a case by the rules. Pure: the same case and knowledge always give the same assessment.</summary>
public static class Evaluator
{
    /// <summary>Evaluates the features of a case at the time that they were extracted for.</summary>
    /// <returns>The assessment, the only thing allocated.</returns>
    public static Assessment Evaluate(CaseFeatures features, Knowledge knowledge)
    {
        if (features.Deceased)
        {
            return new(features, knowledge) { Deficiency = Deficiency.NoneEvaluated, Fired = RuleSet.Of(Rule.In9) };
        }

        var touched = features.Serum is { } serum ? knowledge.Serum.Touched(serum.Value, features.SerumAge) : SerumStatuses.None;
        var deficiency = Classify(new(features, knowledge, touched, default, default, default));

        var situation = new Situation(features, knowledge, touched, deficiency, default, default);
        var holding = Hold(situation, Rules.Context.Union(RuleSet.Range(Rule.Risk1, Rule.Risk4))).Except(knowledge.Disabled);
        var candidates = Hold(situation, Rules.Blockable).Except(knowledge.Disabled);
        var safety = Hold(situation, RuleSet.Range(Rule.Safe1, Rule.Safe6).With(Rule.Safe8).With(Rule.Safe9).With(Rule.Safe12));
        var standing = candidates;
        for (var rule = Rule.Safe1; rule <= Rule.Safe12; rule++)
        {
            standing = safety.Contains(rule) ? standing.Except(Rules.Blocks(rule)) : standing;
        }

        situation = new(features, knowledge, touched, deficiency, candidates, standing);
        var orders = Hold(situation, RuleSet.Range(Rule.Lab1, Rule.Ask1).With(Rule.Rx8)).Except(knowledge.Disabled);

        // That there is no result nobody can say who could not look for one.
        var unseen = features.NotRead.HasFlag(DataKinds.Observations) ? orders.Intersect(RuleSet.Of(Rule.Lab1)) : RuleSet.None;
        orders = orders.Except(unseen);
        safety = safety.Union(Hold(situation, RuleSet.Of(Rule.Safe7, Rule.Safe10, Rule.Safe11)));
        var proposed = standing.Union(orders);
        return new(features, knowledge)
        {
            Touched = touched,
            Serum = Status(features, touched),
            Deficiency = deficiency,
            AttackRisk = holding.Contains(Rule.Risk1) ? RiskLevel.High : Lowest(deficiency),
            CourseRisk = !holding.Contains(Rule.Risk2) ? Lowest(deficiency) : deficiency == Deficiency.Confirmed ? RiskLevel.High : RiskLevel.Moderate,
            Fired = holding.Union(proposed).Union(safety).With(Rule.Def0 + (int)deficiency),
            Candidates = candidates,
            Proposed = proposed,
            NotChecked = Unchecked(features, knowledge, touched).Except(safety).Except(orders).Union(unseen),
        };
    }

    private static RuleSet Hold(in Situation situation, RuleSet rules)
    {
        var holding = 0UL;
        for (var rest = rules.Bits; rest != 0; rest &= rest - 1)
        {
            var rule = (Rule)BitOperations.TrailingZeroCount(rest);
            if (CriterionTable.Of(rule)(situation))
            {
                holding |= 1UL << (int)rule;
            }
        }

        return new(holding);
    }

    private static Deficiency Classify(in Situation situation)
    {
        var rule = Rule.Def0;
        while (!CriterionTable.Of(rule)(situation))
        {
            rule++;
        }

        return (Deficiency)(rule - Rule.Def0);
    }

    private static SerumStatus Status(CaseFeatures features, SerumStatuses touched) =>
        features.Serum is null ? (features.StaleSerum is null ? SerumStatus.Missing : SerumStatus.Stale)
        : BitOperations.IsPow2((int)touched) ? SerumStatus.Severe + BitOperations.TrailingZeroCount((int)touched)
        : SerumStatus.Indeterminate;

    private static RiskLevel Lowest(Deficiency deficiency) =>
        deficiency is Deficiency.Unlikely or Deficiency.Excess ? RiskLevel.Low : RiskLevel.Unlevelled;

    // The closing paragraph of the safety rules: what could not be looked at never reads as passed.
    private static RuleSet Unchecked(CaseFeatures features, Knowledge knowledge, SerumStatuses touched)
    {
        var missing = features.NotRead;
        var knowsMedicines = features.UnresolvedMedicines == 0 && !missing.HasFlag(DataKinds.Medicines);
        var knowsDrafts = !features.Drafts.Any(draft => draft.Codes.Unresolved);
        var knowsConditions = features.UncodedConditions == 0 && !missing.HasFlag(DataKinds.Conditions);
        var knowsSerum = touched != SerumStatuses.None && !features.NewerSerumSetAside;
        var knowsPregnancy = (missing & (DataKinds.Conditions | DataKinds.Observations)) == 0;
        return RuleSet.None
            .With(Rule.Rx8, !knowsMedicines)
            .With(Rule.Safe1, missing.HasFlag(DataKinds.Conditions) || features.Egfr is not { } egfr || (egfr.Value.Touches(knowledge.EgfrSevere) && !egfr.Value.Within(knowledge.EgfrSevere)))
            .With(Rule.Safe3, !knowsSerum)
            .With(Rule.Safe4, !knowsConditions)
            .With(Rule.Safe5, !knowsConditions)
            .With(Rule.Safe6, features.UnidentifiedAllergy || missing.HasFlag(DataKinds.Allergies))
            .With(Rule.Safe7, !knowsMedicines || !knowsDrafts)
            .With(Rule.Safe8, !knowsSerum)
            .With(Rule.Safe9, !knowsMedicines || !knowsDrafts || !knowsPregnancy)
            .With(Rule.Safe12, !features.HasBirthDate);
    }
}
