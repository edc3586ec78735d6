using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Proposing;

/// <summary>Proposals of which a person takes one and leaves the others.</summary>
public static class Choice
{
    private static readonly RuleSet OralMedicines = RuleSet.Of(Rule.Rx1, Rule.Rx2, Rule.Rx3, Rule.Rx5);

    /// <summary>The rules whose proposals are settled with that of the given rule; the rule alone where there is no choice.</summary>
    public static RuleSet Of(Rule rule) =>
        OralMedicines.Contains(rule) ? OralMedicines : Rules.Injection.Contains(rule) ? Rules.Injection : RuleSet.Of(rule);

    /// <summary>Whether the two rules lead the same choice, so that the one's proposal takes the place of the other's.</summary>
    public static bool AreLeads(Rule rule, Rule other) => rule != Rule.Rx3 && other != Rule.Rx3 && Of(rule).Contains(other);

    /// <summary>Whether the patient gets already what the rule would propose.</summary>
    public static bool IsOnTherapy(Assessment assessment, Rule rule) =>
        (OralMedicines.Contains(rule) && assessment.Features.MedicineSets.HasFlag(MedicineSets.MagnesiumOral))
        || (Rules.Injection.Contains(rule) && assessment.Features.MedicineSets.HasFlag(MedicineSets.MagnesiumInjection));
}
