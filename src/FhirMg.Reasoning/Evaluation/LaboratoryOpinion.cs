using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>What the laboratory says of its own result: its interpretation, else its reference range (STAT-2, DEF-2 c).</summary>
internal static class LaboratoryOpinion
{
    /// <summary>Low, normal or high; none when it says nothing that can be compared.</summary>
    public static LaboratoryVerdict Of(ObservationFact result) =>
        result.Interpretation != LaboratoryVerdict.None || result.Reference is not { } range ? result.Interpretation
        : result.Value.WhollyBelow(range) ? LaboratoryVerdict.Low
        : result.Value.WhollyAbove(range) ? LaboratoryVerdict.High
        : result.Value.Within(range) ? LaboratoryVerdict.Normal
        : LaboratoryVerdict.None;
}
