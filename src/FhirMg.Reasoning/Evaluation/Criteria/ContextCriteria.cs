using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Evaluation.Criteria;

/// <summary>What frames the case, and its risks.</summary>
internal static class ContextCriteria
{
    private const SerumStatuses Normal = SerumStatuses.Borderline | SerumStatuses.Suboptimal | SerumStatuses.Normal;

    /// <summary>IN-6: there is no usable birth date.</summary>
    public static bool AgeUnknown(in Situation s) => !s.Case.HasBirthDate;

    /// <summary>IN-9: the patient is deceased.</summary>
    public static bool Deceased(in Situation s) => s.Case.Deceased;

    /// <summary>STAT-2: the laboratory and STAT-1 disagree about low, normal or high.</summary>
    public static bool LaboratoryDisagrees(in Situation s)
    {
        var own = s.SerumIs(SerumStatuses.Low) ? LaboratoryVerdict.Low
            : s.SerumIs(Normal) ? LaboratoryVerdict.Normal
            : s.SerumIs(SerumStatuses.Elevated) ? LaboratoryVerdict.High
            : LaboratoryVerdict.None;
        return own != LaboratoryVerdict.None && LaboratoryOpinion.Of(s.Case.Serum!) is not LaboratoryVerdict.None and var verdict && verdict != own;
    }

    /// <summary>RISKG-1: young, pregnant or breastfeeding.</summary>
    public static bool AtRiskOfLowIntake(in Situation s) =>
        s.Case.Age.IsUnder(s.Thresholds.YoungAge) || s.Case.Pregnant || s.Case.Present.HasFlag(ConditionSets.Breastfeeding);

    /// <summary>CAUSE-1: a current medicine lowers magnesium.</summary>
    public static bool OnMagnesiumLoweringMedicine(in Situation s) => s.Case.MedicineSets.HasFlag(MedicineSets.MagnesiumLowering);

    /// <summary>LOAD-1: the burden of headache is recorded.</summary>
    public static bool HeadacheBurdenRecorded(in Situation s) => s.Case.HeadacheBurden.Count > 0;

    /// <summary>RISK-1: migraine and low serum.</summary>
    public static bool AttackRiskHigh(in Situation s) => s.Case.HasMigraine && s.SerumIs(SerumStatuses.Low);

    /// <summary>RISK-2: migraine and deficiency, confirmed or suspected.</summary>
    public static bool CourseRiskRaised(in Situation s) => s.Case.HasMigraine && s.IsDeficient;

    /// <summary>RISK-3: a risk that the other rules do not raise is low, or without a level.</summary>
    public static bool RiskLowOrUnlevelled(in Situation s) => s.Case.HasMigraine && !(AttackRiskHigh(s) && CourseRiskRaised(s));

    /// <summary>RISK-4: without migraine only the magnesium status is assessed.</summary>
    public static bool NoMigraine(in Situation s) => !s.Case.HasMigraine;
}
