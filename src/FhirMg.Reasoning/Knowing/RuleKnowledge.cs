namespace FhirMg.Reasoning.Knowing;

/// <summary>What the plan says of one rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Title">Its short name.</param>
/// <param name="Description">Its full statement, for a reviewer.</param>
/// <param name="Message">What the clinician reads when it fires; null for rules that never appear by themselves.</param>
/// <param name="Note">A second wording: the rule as a note, or at a lesser level; null when there is one wording.</param>
/// <param name="NotChecked">What the clinician reads when it could not be evaluated; null when it always can be.</param>
/// <param name="Severity">Severity of a safety rule; null for others.</param>
/// <param name="Citations">The sources it rests on, as labels of <see cref="Knowledge.Citations"/>.</param>
/// <param name="OddsRatios">Odds ratios shown as its evidence; never relative risks or probabilities.</param>
/// <param name="Activities">What it proposes, as ids of <see cref="Knowledge.Activities"/>.</param>
/// <param name="Criterion">Name of the function that decides it; null for rules of reading.</param>
public sealed record RuleKnowledge(
    Rule Rule, Text Title, Text Description, Text? Message, Text? Note, Text? NotChecked, Severity? Severity,
    IReadOnlyList<string> Citations, IReadOnlyList<OddsRatio> OddsRatios, IReadOnlyList<string> Activities, string? Criterion);

/// <summary>Severity of a safety rule, as in DetectedIssue.</summary>
public enum Severity
{
    /// <summary>For information.</summary>
    Low,

    /// <summary>Needs care.</summary>
    Moderate,

    /// <summary>May harm.</summary>
    High,
}

/// <summary>An odds ratio with the study it comes from.</summary>
/// <param name="Value">The odds ratio, without unit.</param>
/// <param name="Comparison">What was compared.</param>
/// <param name="Study">Label of the citation.</param>
/// <param name="Groups">The groups of the study.</param>
public sealed record OddsRatio(decimal Value, Text Comparison, string Study, Text Groups);
