using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening.Study;

/// <summary>How the cohort study is drawn up.</summary>
/// <param name="Knowledge">What the cases are evaluated by.</param>
/// <param name="AsOf">The time that every case is looked at.</param>
/// <param name="Language">The language that the page opens in; it holds both.</param>
/// <param name="SuppressBelow">The smallest count that is shown, zero aside; 0 shows everything.</param>
public sealed record CohortOptions(Knowledge Knowledge, DateTimeOffset AsOf, Language Language, int SuppressBelow = CohortOptions.DefaultSuppressBelow)
{
    /// <summary>Counts of 1 to 4 are hidden unless asked otherwise.</summary>
    public const int DefaultSuppressBelow = 5;
}

/// <summary>The cohort study: counts every patient, then writes <c>summary.json</c>, <c>summary.html</c> and <c>measure-report.json</c>.</summary>
public sealed class CohortSink : IResultSink
{
    private readonly CohortCounts _counts = new();
    private readonly CohortOptions _options;
    private readonly Func<string, Stream> _create;

    /// <summary>Begins the study.</summary>
    /// <param name="options">How it is drawn up.</param>
    /// <param name="create">Begins a result by its name.</param>
    public CohortSink(CohortOptions options, Func<string, Stream> create) => (_options, _create) = (options, create);

    /// <inheritdoc/>
    public void Add(in ScreenedPatient patient) => _counts.Add(patient.Assessment);

    /// <inheritdoc/>
    public void Complete(ScreeningOutcome outcome)
    {
        var summary = CohortSummary.Of(_counts, _options.Knowledge, _options.AsOf, _options.SuppressBelow);
        foreach (var (name, write) in ((string, Action<Stream>)[])
        [
            ("summary.json", output => SummaryJson.Write(output, summary)),
            ("summary.html", output => Page.SummaryPage.Write(output, summary, _options.Language)),
            ("measure-report.json", output => CohortMeasureReport.Write(output, summary)),
        ])
        {
            using var output = _create(name);
            write(output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held open between patients.
    }
}
