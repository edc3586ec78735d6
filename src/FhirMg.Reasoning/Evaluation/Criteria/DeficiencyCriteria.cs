using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Evaluation.Criteria;

/// <summary>The classes of deficiency (DEF-*); the first that holds is the patient's.</summary>
internal static class DeficiencyCriteria
{
    private const SerumStatuses NotLowNorHigh = SerumStatuses.Borderline | SerumStatuses.Suboptimal | SerumStatuses.Normal;

    /// <summary>DEF-0: serum is elevated, whatever else is coded.</summary>
    public static bool Excess(in Situation s) => s.SerumIs(SerumStatuses.Elevated);

    /// <summary>DEF-1: serum is low, or a deficiency is coded; a code that also covers excess needs a serum that speaks against it.</summary>
    public static bool Confirmed(in Situation s) =>
        s.SerumIs(SerumStatuses.Low)
        || (s.Case.Present & (ConditionSets.MagnesiumDeficiency | ConditionSets.Hypomagnesaemia)) != 0
        || (s.Case.Present.HasFlag(ConditionSets.MagnesiumMetabolismDisorder)
            && s.Touched != SerumStatuses.None && (s.Touched & SerumStatuses.Elevated) == 0);

    /// <summary>DEF-2: migraine, serum not low, and a sign of deficiency inside the cells.</summary>
    public static bool LatentSuspected(in Situation s) =>
        s.Case.HasMigraine && s.SerumIs(NotLowNorHigh) && (s.HasManyManifestations || HasIndicator(s));

    /// <summary>DEF-3: something points to deficiency, nothing confirms it.</summary>
    public static bool Possible(in Situation s) =>
        (s.Case.Present.HasFlag(ConditionSets.MagnesiumMetabolismDisorder) && s.Touched == SerumStatuses.None)
        || s.SerumIs(SerumStatuses.Borderline | SerumStatuses.Suboptimal)
        || (s.HasManyManifestations && !System.Numerics.BitOperations.IsPow2((int)s.Touched));

    /// <summary>DEF-4: normal serum, asked for manifestations, and no sign of deficiency.</summary>
    public static bool Unlikely(in Situation s) =>
        s.SerumIs(SerumStatuses.Normal) && s.Case.Manifestations is not null && !s.HasManyManifestations && !HasIndicator(s);

    /// <summary>DEF-5: a normal serum value alone excludes nothing.</summary>
    public static bool NotExcluded(in Situation s) => s.SerumIs(SerumStatuses.Normal);

    /// <summary>DEF-6: none of the others.</summary>
    public static bool NotAssessable(in Situation s) => true;

    /// <summary>DEF-2 (b), (c), (d): a tetany test, magnesium in cells, or ionized magnesium speaks for deficiency.</summary>
    internal static bool HasIndicator(in Situation s) =>
        s.Case.Tetany is { Positive: true } || IsLow(s.Case.Erythrocyte) || IsLow(s.Case.Leukocyte)
        || (s.Case.Ionized is { } ionized && ionized.Value.Within(s.Knowledge.IonizedLow));

    internal static bool IsLow(ObservationFact? result) => result is not null && LaboratoryOpinion.Of(result) == LaboratoryVerdict.Low;
}
