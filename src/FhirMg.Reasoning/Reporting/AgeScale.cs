using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Reporting;

/// <summary>The intervals of serum magnesium that hold at the ages that a patient may have at a time.</summary>
/// <param name="References">The different reference intervals in mmol/L, youngest first; empty where no age has one (RANGE-1).</param>
/// <param name="HasOptimal">Whether the optimal interval holds at every possible age (RANGE-2).</param>
public sealed record AgeScale(IReadOnlyList<Interval> References, bool HasOptimal)
{
    /// <summary>What lies inside the reference interval at every possible age; null when nothing does.</summary>
    public Interval? Common => References.Count > 0 && References.Max(row => row.Low) is var low && References.Min(row => row.High) is var high && low < high
        ? Interval.Closed(low, high)
        : null;

    /// <summary>The intervals for the patient's age on a day.</summary>
    public static AgeScale On(Assessment assessment, DateOnly day) =>
        Of(assessment.Knowledge, AgeOn(assessment.Features, day.DayNumber, day.DayNumber));

    internal static AgeScale Of(Knowledge knowledge, AgeSpan age) => new(
        [.. knowledge.Serum.Bands.Where(band => age.MayBeWithin(band.From, band.To)).Select(band => band.Reference).OfType<Interval>().Distinct()],
        age.IsAtLeast(knowledge.Serum.OptimalFrom));

    internal static AgeSpan AgeOn(CaseFeatures features, int firstDay, int lastDay) =>
        features.HasBirthDate ? AgeSpan.Between(features.Record.Patient.Birth, firstDay, lastDay) : AgeSpan.Unknown;
}
