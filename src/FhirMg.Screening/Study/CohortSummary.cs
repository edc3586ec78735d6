using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study.Statistics;

namespace FhirMg.Screening.Study;

/// <summary>Why an odds ratio is or is not given.</summary>
internal enum Availability
{
    Given,

    /// <summary>It would give away a hidden count.</summary>
    Hidden,

    /// <summary>A group or an outcome is empty: there is nothing to compare.</summary>
    NothingToCompare,
}

/// <summary>An odds ratio, if it is given.</summary>
internal readonly record struct PublishedOddsRatio(Availability Availability, OddsRatioEstimate? Estimate);

/// <summary>What is published of a cohort: nothing else of it leaves the study.</summary>
internal sealed class CohortSummary
{
    private readonly long[] _totals;
    private readonly Disclosure _disclosure;

    private CohortSummary(long[] totals, Disclosure disclosure) => (_totals, _disclosure) = (totals, disclosure);

    public required Knowledge Knowledge { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The smallest count that is shown, zero aside; 0 when all are.</summary>
    public required int SuppressBelow { get; init; }

    /// <summary>Patients who had died, and are not part of the study; null when hidden.</summary>
    public required long? Deceased { get; init; }

    public required PublishedOddsRatio Crude { get; init; }

    public required PublishedOddsRatio Stratified { get; init; }

    /// <summary>Strata of age band and gender that say something of the odds ratio.</summary>
    public required int Strata { get; init; }

    /// <summary>Null when it cannot be tested, or the stratified odds ratio is not given.</summary>
    public required Heterogeneity? Heterogeneity { get; init; }

    /// <summary>Current serum magnesium with migraine; null when hidden.</summary>
    public Distribution? With => _disclosure.Hides(Figures.DistributionWith) ? null : _disclosure.With;

    /// <summary>Current serum magnesium without migraine; null when hidden.</summary>
    public Distribution? Without => _disclosure.Hides(Figures.DistributionWithout) ? null : _disclosure.Without;

    /// <summary>A count; null when it is hidden.</summary>
    public long? this[FigureRow row, FigureColumn column] => _disclosure.Hides(row, column) ? null : _totals[Figures.Id(row, column)];

    /// <summary>A count as a share of its column's patients, in percent; null when either is hidden or the column is empty.</summary>
    public decimal? Percent(FigureRow row, FigureColumn column) =>
        this[row, column] is { } count && this[FigureRow.All, column] is { } all and > 0 ? 100m * count / all : null;

    /// <summary>The serum statuses in the order of tables.</summary>
    public static IReadOnlyList<SerumStatus> Statuses { get; } =
    [
        SerumStatus.Severe, SerumStatus.Moderate, SerumStatus.Mild, SerumStatus.Borderline, SerumStatus.Suboptimal, SerumStatus.Normal,
        SerumStatus.Elevated, SerumStatus.Indeterminate, SerumStatus.Stale, SerumStatus.Missing,
    ];

    /// <summary>The classes of deficiency in the order of tables.</summary>
    public static IReadOnlyList<Deficiency> Deficiencies { get; } =
    [
        Deficiency.Confirmed, Deficiency.LatentSuspected, Deficiency.Possible, Deficiency.NotExcluded, Deficiency.Unlikely, Deficiency.Excess,
        Deficiency.NotAssessable,
    ];

    /// <summary>Draws up what may be published.</summary>
    /// <param name="counts">The cohort.</param>
    /// <param name="knowledge">What it was evaluated by.</param>
    /// <param name="asOf">The time that every case was looked at.</param>
    /// <param name="suppressBelow">The smallest count that is shown, zero aside; 0 shows everything.</param>
    public static CohortSummary Of(CohortCounts counts, Knowledge knowledge, DateTimeOffset asOf, int suppressBelow)
    {
        var types = counts.Types.ToList();
        var disclosure = Disclosure.Of(counts, suppressBelow);
        var strata = counts.Strata().Where(table => table.IsInformative).ToList();
        var hidesCrude = ((FigureRow[])[FigureRow.Low, FigureRow.NotLow])
            .Any(row => disclosure.Hides(row, FigureColumn.AnyMigraine) || disclosure.Hides(row, FigureColumn.Of(MigraineForm.None)));
        var common = MantelHaenszel.Of(strata);
        var stratified = Publish(common is { } exact && suppressBelow > 1 ? Rounded.FromHiddenTables(exact) : common, hidesCrude || disclosure.Hides(Figures.Stratified));
        return new(Disclosure.Totals(types), disclosure)
        {
            Knowledge = knowledge,
            AsOf = asOf,
            SuppressBelow = suppressBelow,
            Deceased = Distribution.IsTooSmall(counts.Deceased, suppressBelow) ? null : counts.Deceased,
            Crude = Publish(CrudeOddsRatio.Of(CohortCounts.Table(types)), hidesCrude),
            Stratified = stratified,
            Strata = strata.Count,
            Heterogeneity = common is { } estimate && stratified.Estimate is not null && !disclosure.Hides(Figures.Heterogeneity)
                ? MantelHaenszel.Test(strata, estimate.Value)
                : null,
        };
    }

    // Also that there is nothing to compare would say that a count is zero.
    private static PublishedOddsRatio Publish(OddsRatioEstimate? estimate, bool hidden) => hidden ? new(Availability.Hidden, null)
        : estimate is null ? new(Availability.NothingToCompare, null)
        : new(Availability.Given, estimate);
}
