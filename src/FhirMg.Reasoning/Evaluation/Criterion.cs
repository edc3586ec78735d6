using FhirMg.Reasoning.Evaluation.Criteria;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>Decides one rule.</summary>
internal delegate bool Criterion(in Situation situation);

/// <summary>The function of every criterion that the plan names, by rule.</summary>
internal static class CriterionTable
{
    private static readonly Criterion?[] ByRule = Build();

    public static Criterion Of(Rule rule) => ByRule[(int)rule]!;

    /// <summary>Refuses knowledge whose plan names a criterion without a function, or leaves a function unnamed.</summary>
    /// <exception cref="KnowledgeException">Plan and functions do not match.</exception>
    public static void Verify(IEnumerable<RuleKnowledge> rules, string planFile)
    {
        foreach (var rule in rules)
        {
            var function = ByRule[(int)rule.Rule]?.Method.Name;
            if (function != rule.Criterion)
            {
                throw KnowledgeException.At(planFile, $"PlanDefinition.action '{rule.Rule.Id()}'.condition",
                    function is null ? $"names the criterion '{rule.Criterion}', which nothing decides"
                    : $"names the criterion '{rule.Criterion ?? "none"}', but '{function}' decides it");
            }
        }
    }

    private static Criterion?[] Build()
    {
        var table = new Criterion?[RuleIds.Count];
        void Add(Rule first, params ReadOnlySpan<Criterion> criteria)
        {
            foreach (var criterion in criteria)
            {
                table[(int)first++] = criterion;
            }
        }

        Add(Rule.In6, ContextCriteria.AgeUnknown);
        Add(Rule.In9, ContextCriteria.Deceased);
        Add(Rule.Stat2, ContextCriteria.LaboratoryDisagrees);
        Add(Rule.Def0, DeficiencyCriteria.Excess, DeficiencyCriteria.Confirmed, DeficiencyCriteria.LatentSuspected, DeficiencyCriteria.Possible,
            DeficiencyCriteria.Unlikely, DeficiencyCriteria.NotExcluded, DeficiencyCriteria.NotAssessable);
        Add(Rule.RiskG1, ContextCriteria.AtRiskOfLowIntake, ContextCriteria.OnMagnesiumLoweringMedicine);
        Add(Rule.Risk1, ContextCriteria.AttackRiskHigh, ContextCriteria.CourseRiskRaised, ContextCriteria.RiskLowOrUnlevelled, ContextCriteria.NoMigraine);
        Add(Rule.Rx1, ProposalCriteria.OralCitrateIndicated, ProposalCriteria.MagnesiumWithB6Indicated, ProposalCriteria.AlternativesIndicated,
            ProposalCriteria.ValproateCombination, ProposalCriteria.OtherPreventivesLimited, ProposalCriteria.AcuteAttack, ProposalCriteria.AuraStatus,
            ProposalCriteria.TherapyReviewDue, ProposalCriteria.DietaryAdvice, ProposalCriteria.SerumNeeded, ProposalCriteria.IntracellularNeeded,
            ProposalCriteria.RepeatSerum, ProposalCriteria.RenalFunctionNeeded, ProposalCriteria.ManifestationsNeeded, ContextCriteria.HeadacheBurdenRecorded);
        Add(Rule.Safe1, SafetyCriteria.SevereRenalImpairment, SafetyCriteria.ReducedRenalFunction, SafetyCriteria.MagnesiumExcessPossible,
            SafetyCriteria.MyastheniaGravis, SafetyCriteria.ConductionBlock, SafetyCriteria.MagnesiumAllergy, SafetyCriteria.AbsorptionPartner,
            SafetyCriteria.SevereHypomagnesaemia, SafetyCriteria.ValproateInPregnancy, SafetyCriteria.SulfateInPregnancy,
            SafetyCriteria.NewerEmergencyGuidance, SafetyCriteria.TooYoung);
        return table;
    }
}
