using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Evaluation.Criteria;

/// <summary>What speaks against proposals, or must be said beside them (SAFE-*).</summary>
internal static class SafetyCriteria
{
    /// <summary>SAFE-1: the kidneys do not clear magnesium.</summary>
    public static bool SevereRenalImpairment(in Situation s) =>
        s.Case.Possible.HasFlag(ConditionSets.SevereRenalImpairment) || (s.Case.Egfr is { } egfr && egfr.Value.Within(s.Knowledge.EgfrSevere));

    /// <summary>SAFE-2: renal function is reduced.</summary>
    public static bool ReducedRenalFunction(in Situation s) =>
        !SevereRenalImpairment(s) && s.Case.Egfr is { } egfr && egfr.Value.Touches(s.Knowledge.EgfrReduced);

    /// <summary>SAFE-3: serum may be elevated.</summary>
    public static bool MagnesiumExcessPossible(in Situation s) => (s.Touched & SerumStatuses.Elevated) != 0;

    /// <summary>SAFE-4: myasthenia gravis.</summary>
    public static bool MyastheniaGravis(in Situation s) => s.Case.Possible.HasFlag(ConditionSets.MyastheniaGravis);

    /// <summary>SAFE-5: AV block of second or third degree, and surely no pacemaker.</summary>
    public static bool ConductionBlock(in Situation s) =>
        s.Case.Possible.HasFlag(ConditionSets.AvBlock) && !s.Case.Present.HasFlag(ConditionSets.Pacemaker);

    /// <summary>SAFE-6: allergy or intolerance to a magnesium salt.</summary>
    public static bool MagnesiumAllergy(in Situation s) => s.Case.MagnesiumAllergy;

    /// <summary>SAFE-7: a medicine that magnesium keeps from being absorbed.</summary>
    public static bool AbsorptionPartner(in Situation s) =>
        (s.Case.SafetySets & MedicineSets.AbsorptionPartners) != 0 && (s.Standing.Overlaps(Rules.Oral) || s.OnMagnesiumOrDrafted);

    /// <summary>SAFE-8: serum is surely in the severe grade, at any age.</summary>
    public static bool SevereHypomagnesaemia(in Situation s) => s.Case.Serum is { } serum && serum.Value.Within(s.Knowledge.Serum.Severe);

    /// <summary>SAFE-9: valproate in a pregnancy that is as much as possible.</summary>
    public static bool ValproateInPregnancy(in Situation s) => s.Case.PossiblyPregnant && s.Case.SafetySets.HasFlag(MedicineSets.Valproate);

    /// <summary>SAFE-10: sulfate by injection in pregnancy, proposed or drafted.</summary>
    public static bool SulfateInPregnancy(in Situation s) =>
        s.Case.PossiblyPregnant && (s.Standing.Overlaps(Rules.Injection) || s.Case.DraftSets.HasFlag(MedicineSets.MagnesiumInjection));

    /// <summary>SAFE-11: sulfate for an attack, where newer guidance names other drugs first.</summary>
    public static bool NewerEmergencyGuidance(in Situation s) => s.Standing.Contains(Rule.Rx6);

    /// <summary>SAFE-12: too young for oral magnesium, as far as is known.</summary>
    public static bool TooYoung(in Situation s) => s.Case.HasBirthDate && s.Case.Age.MayBeUnder(s.Thresholds.MinimumAge);
}
