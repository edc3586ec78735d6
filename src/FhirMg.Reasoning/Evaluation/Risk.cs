using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>One prediction.</summary>
/// <param name="Outcome">What is predicted, as a code of our code system.</param>
/// <param name="Level">How likely it is.</param>
/// <param name="Rule">The rule that levels it, or RISK-3 when none does.</param>
public sealed record Risk(string Outcome, RiskLevel Level, Rule Rule)
{
    /// <summary>The predictions of an assessment: a severe attack and a severe course; none without migraine (RISK-4).</summary>
    public static IReadOnlyList<Risk> Of(Assessment assessment) => assessment.Features.Deceased || !assessment.Features.HasMigraine ? [] :
    [
        new("migraine-attack", assessment.AttackRisk, assessment.Fired.Contains(Rule.Risk1) ? Rule.Risk1 : Rule.Risk3),
        new("severe-course", assessment.CourseRisk, assessment.Fired.Contains(Rule.Risk2) ? Rule.Risk2 : Rule.Risk3),
    ];
}
