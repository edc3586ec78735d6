using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Evaluation.Criteria;

/// <summary>What is proposed (RX-*, DIET-1, LAB-*, ASK-1), before safety rules block any of it.</summary>
internal static class ProposalCriteria
{
    private const SerumStatuses NotLowNorHigh = SerumStatuses.Borderline | SerumStatuses.Suboptimal | SerumStatuses.Normal;

    /// <summary>RX-1: oral citrate.</summary>
    public static bool OralCitrateIndicated(in Situation s) => OralInAdult(s) && !IsAnxious(s);

    /// <summary>RX-2: magnesium with vitamin B6 instead.</summary>
    public static bool MagnesiumWithB6Indicated(in Situation s) => OralInAdult(s) && IsAnxious(s);

    /// <summary>RX-3: other organic salts, at most one.</summary>
    public static bool AlternativesIndicated(in Situation s) => OralInAdult(s);

    /// <summary>RX-4: a note on the combination with valproate; not where pregnancy is as much as possible.</summary>
    public static bool ValproateCombination(in Situation s) =>
        OralInAdult(s) && s.Case.MedicineSets.HasFlag(MedicineSets.Valproate) && !s.Case.PossiblyPregnant;

    /// <summary>RX-5: other preventives are limited; in a child a proposal of its own, in an adult a note.</summary>
    public static bool OtherPreventivesLimited(in Situation s) =>
        OralIndicated(s) && (s.IsChild || (s.IsAdult && (s.Case.Pregnant || s.Case.PreventiveAllergy)));

    /// <summary>RX-6: sulfate for an acute attack, unless RX-7 stands in its place.</summary>
    public static bool AcuteAttack(in Situation s) => InjectionIndicated(s) && s.Case.AuraStatus is null;

    /// <summary>RX-7: sulfate by drip for a status of aura; a note where only an aura and not its status is known.</summary>
    public static bool AuraStatus(in Situation s) =>
        InjectionIndicated(s) && (s.Case.AuraStatus is not null || (s.Case.HasAura && s.Case.InpatientAttack is not null));

    /// <summary>RX-8: on magnesium for months, and still low.</summary>
    public static bool TherapyReviewDue(in Situation s)
    {
        if (!s.IsDeficient || !s.OnMagnesium || !s.SerumIs(SerumStatuses.Low))
        {
            return false;
        }

        var latestStart = s.Case.AsOf.AddMonths(-s.Thresholds.TherapyMonths).UtcTicks;
        for (var i = 0; i < s.Case.Medicines.Count; i++)
        {
            var medicine = s.Case.Medicines[i];
            if (medicine.Codes.Sets.HasFlag(MedicineSets.MagnesiumOral) && medicine.Start.IsReadable
                && medicine.Start.Start <= latestStart && s.Case.Serum!.Time.Start >= medicine.Start.Start)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>DIET-1: advice on intake; migraine is not needed.</summary>
    public static bool DietaryAdvice(in Situation s) => (s.IsDeficient || s.Deficiency == Deficiency.Possible) && s.IsAdult;

    /// <summary>LAB-1: there is no serum value to go by.</summary>
    public static bool SerumNeeded(in Situation s) => s.Case.Serum is null && (s.Case.HasMigraine || s.Deficiency == Deficiency.Possible);

    /// <summary>LAB-2: manifestations without a low serum value call for a look inside the cells.</summary>
    public static bool IntracellularNeeded(in Situation s) =>
        s.Case.HasMigraine && s.SerumIs(NotLowNorHigh) && s.HasManyManifestations
        && s.Case.Erythrocyte is null && s.Case.Leukocyte is null && s.Case.Tetany is null;

    /// <summary>LAB-3: oral magnesium is proposed.</summary>
    public static bool RepeatSerum(in Situation s) =>
        s.Standing.Overlaps(RuleSet.Of(Rule.Rx1, Rule.Rx2, Rule.Rx3)) || (s.Standing.Contains(Rule.Rx5) && s.IsChild);

    /// <summary>LAB-4: a magnesium drug is proposed, and the kidneys are not known.</summary>
    public static bool RenalFunctionNeeded(in Situation s) =>
        s.Case.Egfr is null && (RepeatSerum(s) || s.Standing.Contains(Rule.Rx6) || (s.Standing.Contains(Rule.Rx7) && s.Case.AuraStatus is not null));

    /// <summary>ASK-1: the manifestations have not been asked for lately, and serum alone does not decide.</summary>
    public static bool ManifestationsNeeded(in Situation s) =>
        s.Case.HasMigraine && !s.SerumIs(SerumStatuses.Low)
        && !(s.Case.Manifestations is { } answered && answered.Authored.Start >= s.Case.AsOf.UtcTicks - s.Thresholds.AskedWithin.Ticks);

    private static bool OralIndicated(in Situation s) => s.Case.HasMigraine && s.IsDeficient && !s.OnMagnesium;

    private static bool OralInAdult(in Situation s) => OralIndicated(s) && s.IsAdult;

    private static bool IsAnxious(in Situation s) => s.Case.Present.HasFlag(ConditionSets.AnxietyDepressionStress);

    private static bool InjectionIndicated(in Situation s) =>
        s.Case.HasMigraine && s.Case.AcuteAttack is not null && s.IsAdult && !s.Case.MedicineSets.HasFlag(MedicineSets.MagnesiumInjection);
}
