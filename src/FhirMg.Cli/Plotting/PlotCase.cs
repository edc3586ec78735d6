using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Plotting;

/// <summary>What a plot shows of a patient.</summary>
internal sealed record PlotCase(Assessment Assessment, IReadOnlyList<SerumResult> Series, IReadOnlyList<MagnesiumTherapy> Therapy)
{
    public DateTimeOffset AsOf => Assessment.Features.AsOf;

    public TimeSpan LookBack => Assessment.Knowledge.Thresholds.LookBack;

    public static PlotCase Of(Assessment assessment) => new(assessment, SerumResult.Series(assessment), CaseView.Therapy(assessment));
}
