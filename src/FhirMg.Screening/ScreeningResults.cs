using FhirMg.Screening.Running;
using FhirMg.Screening.Study;
using FhirMg.Screening.Worklist;

namespace FhirMg.Screening;

/// <summary>The results that a run makes of its patients beside the engine's own.</summary>
public static class ScreeningResults
{
    /// <summary>The worklist and the cohort study.</summary>
    /// <param name="options">The run.</param>
    /// <param name="folder">Where the results are made.</param>
    /// <param name="suppressBelow">The smallest count that the study shows, zero aside; 0 shows everything.</param>
    public static IReadOnlyList<IResultSink> Of(ScreeningOptions options, ResultFolder folder, int suppressBelow = CohortOptions.DefaultSuppressBelow) =>
    [
        new WorklistSink(
            options.Knowledge, options.AsOf, options.Language, folder.Create, MemoryShares.Of(options).Worklist, () => folder.Scratch("worklist.rows")),
        new CohortSink(new(options.Knowledge, options.AsOf, options.Language, suppressBelow), folder.Create),
    ];
}
