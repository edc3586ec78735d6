using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Worklist;

/// <summary>Why a patient is on the worklist. Many patients share one.</summary>
internal sealed record WorklistReason
{
    /// <summary>The rules that ask for something.</summary>
    public required RuleSet Rules { get; init; }

    /// <summary>Those of them that are worded as a note.</summary>
    public required RuleSet Notes { get; init; }

    /// <summary>What safety rules keep from being proposed.</summary>
    public required RuleSet Withheld { get; init; }

    public required RuleSet NotChecked { get; init; }

    public required Urgency Urgency { get; init; }

    public required SerumStatus Serum { get; init; }

    public required Deficiency Deficiency { get; init; }

    public required MigraineForm Form { get; init; }

    /// <summary>Where patients of one urgency stand: by serum status from severe, elevated after mild, then those without a status.</summary>
    public int SerumOrder => Serum switch
    {
        SerumStatus.Severe => 0,
        SerumStatus.Moderate => 1,
        SerumStatus.Mild => 2,
        SerumStatus.Elevated => 3,
        SerumStatus.Indeterminate => 4,
        SerumStatus.Borderline => 5,
        SerumStatus.Suboptimal => 6,
        SerumStatus.Normal => 7,
        SerumStatus.Stale => 8,
        _ => 9,
    };
}
