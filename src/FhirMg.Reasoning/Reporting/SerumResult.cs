using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Reporting;

/// <summary>One result of serum magnesium, as outputs show it.</summary>
/// <param name="Resource">The Observation's name.</param>
/// <param name="MmolPerL">The value in mmol/L.</param>
/// <param name="When">Its time as written.</param>
/// <param name="Start">First instant of its time.</param>
/// <param name="End">Last instant of its time; later than <paramref name="Start"/> for a partial date.</param>
/// <param name="Preliminary">Whether it may still change (IN-1).</param>
/// <param name="Touched">The statuses that it touches at the ages that the patient may have had; also for one too old to count.</param>
/// <param name="Scale">The reference intervals that hold at those ages.</param>
public sealed record SerumResult(
    string Resource, Interval MmolPerL, string? When, DateTimeOffset Start, DateTimeOffset End, bool Preliminary, SerumStatuses Touched, AgeScale Scale)
{
    /// <summary>The current result, else the newest stale one; null when there is none.</summary>
    public static SerumResult? Of(Assessment assessment) =>
        (assessment.Features.Serum ?? assessment.Features.StaleSerum) is { } result ? From(assessment, result) : null;

    /// <summary>Every result that counts, oldest first, also those before the look-back.</summary>
    public static IReadOnlyList<SerumResult> Series(Assessment assessment) => [.. assessment.Features.SerumSeries.Select(result => From(assessment, result))];

    private static SerumResult From(Assessment assessment, ObservationFact result)
    {
        var age = AgeScale.AgeOn(assessment.Features, result.Time.FirstDay, result.Time.LastDay);
        return new(
            result.Name, result.Value, result.TimeText, Moment(result.Time.Start), Moment(result.Time.End), result.Preliminary,
            assessment.Knowledge.Serum.Touched(result.Value, age), AgeScale.Of(assessment.Knowledge, age));
    }

    // Year 1 east of Greenwich begins before the calendar does.
    internal static DateTimeOffset Moment(long ticks) => new(Math.Clamp(ticks, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
}
