using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>What the draft orders of the clinician at hand mean to the safety rules.</summary>
/// <param name="Drafts">The drafts that are magnesium, an absorption partner or valproate.</param>
/// <param name="Safety">Safety rules that fired and that these drafts give reason to say.</param>
/// <param name="NotChecked">Safety rules that bear on these drafts and could not be evaluated.</param>
public sealed record DraftOrders(IReadOnlyList<Evidence> Drafts, RuleSet Safety, RuleSet NotChecked)
{
    private static readonly RuleSet OfOral = RuleSet.Of(Rule.Safe1, Rule.Safe2, Rule.Safe3, Rule.Safe4, Rule.Safe5, Rule.Safe6, Rule.Safe7, Rule.Safe12);
    private static readonly RuleSet OfInjection = RuleSet.Of(Rule.Safe1, Rule.Safe2, Rule.Safe3, Rule.Safe4, Rule.Safe5, Rule.Safe6, Rule.Safe10);

    /// <summary>Whether any draft is a magnesium medicine.</summary>
    public bool HasMagnesium { get; private init; }

    /// <summary>Looks at the drafts of an assessment.</summary>
    /// <param name="assessment">An assessment of features that hold drafts.</param>
    /// <param name="selected">Says of a draft, by its name, whether it is one that the clinician has just chosen; the others only count as current.</param>
    public static DraftOrders Of(Assessment assessment, Func<string, bool> selected)
    {
        var features = assessment.Features;
        var drafts = features.Drafts.Where(draft => selected(draft.Name)
            && (draft.Codes.Sets & (MedicineSets.AnyMagnesium | MedicineSets.AbsorptionPartners | MedicineSets.Valproate)) != 0).ToList();
        var sets = drafts.Aggregate(MedicineSets.None, (all, draft) => all | draft.Codes.Sets);
        var bearing = (sets.HasFlag(MedicineSets.MagnesiumOral) ? OfOral : RuleSet.None)
            .Union(sets.HasFlag(MedicineSets.MagnesiumInjection) ? OfInjection : RuleSet.None)
            .With(Rule.Safe7, (sets & MedicineSets.AbsorptionPartners) != 0 && features.SafetySets.HasFlag(MedicineSets.MagnesiumOral))
            .With(Rule.Safe9, sets.HasFlag(MedicineSets.Valproate));

        // A partner alone gives no reason to ask what else the patient takes: without magnesium there is nothing to separate.
        var magnesium = (sets & MedicineSets.AnyMagnesium) != 0;
        return new([.. drafts.Select(draft => Evidence.From(draft, assessment.Knowledge))], assessment.Safety.Intersect(bearing),
            magnesium ? assessment.NotChecked.Intersect(bearing) : assessment.NotChecked.Intersect(bearing.Except(OfOral))) { HasMagnesium = magnesium };
    }
}
