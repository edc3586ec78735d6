using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Reporting;

/// <summary>A result that is shown beside serum magnesium.</summary>
/// <param name="Title">What was measured.</param>
/// <param name="Positive">Whether the answer is positive, for tests that are answered so; null for measurements.</param>
/// <param name="Value">The value in <paramref name="Unit"/>; null when it is none that can be read.</param>
/// <param name="Unit">UCUM code of the unit; null without a value or without a unit.</param>
/// <param name="Evidence">The Observation.</param>
public sealed record OtherResult(Text Title, bool? Positive, Interval? Value, string? Unit, Evidence Evidence);

/// <summary>A medicine whose doses are kept apart from magnesium (SAFE-7).</summary>
/// <param name="Class">The class of medicines.</param>
/// <param name="LowHours">Hours between the doses, at least.</param>
/// <param name="HighHours">Hours between the doses, at most needed.</param>
/// <param name="Evidence">The medicine.</param>
public sealed record DoseSeparation(Text Class, decimal LowHours, decimal HighHours, Evidence Evidence);

/// <summary>A current magnesium medicine.</summary>
/// <param name="Start">When it was started; null when not recorded.</param>
/// <param name="Evidence">The medicine.</param>
public sealed record MagnesiumTherapy(DateTimeOffset? Start, Evidence Evidence);

/// <summary>What the laboratory says of its own serum result (STAT-2).</summary>
/// <param name="Word"><c>low</c>, <c>normal</c> or <c>high</c>.</param>
/// <param name="Reference">Its own reference interval in mmol/L; null when none is usable.</param>
public sealed record LaboratoryStatement(string Word, Interval? Reference);

/// <summary>The answered manifestations questionnaire that counts (SYM-1).</summary>
/// <param name="Count">Yes answers that count.</param>
/// <param name="Yes">The questions answered yes.</param>
/// <param name="Evidence">The response.</param>
public sealed record AnsweredManifestations(int Count, IReadOnlyList<Text> Yes, Evidence Evidence);

/// <summary>What outputs for people show of a case beside the contract's report.</summary>
public static class CaseView
{
    /// <summary>What the laboratory says of the current serum result; null when it says nothing that can be compared.</summary>
    public static LaboratoryStatement? Laboratory(Assessment assessment) =>
        assessment.Features.Serum is { } serum && LaboratoryOpinion.Of(serum) is not LaboratoryVerdict.None and var verdict
            ? new(JsonNamingPolicy.KebabCaseLower.ConvertName(verdict.ToString()), serum.Reference)
            : null;

    /// <summary>The questionnaire that counts; null when none does.</summary>
    public static AnsweredManifestations? Manifestations(Assessment assessment) => assessment.Features.Manifestations is { } answers
        ? new(assessment.Features.ManifestationCount,
            [.. assessment.Knowledge.Manifestations.Where((_, i) => (answers.Yes & (1u << i)) != 0).Select(item => item.Question)],
            Evidence.From(answers, assessment.Knowledge))
        : null;

    /// <summary>The current results beside serum magnesium that the rules look at.</summary>
    public static IReadOnlyList<OtherResult> Results(Assessment assessment)
    {
        var features = assessment.Features;
        ObservationFact?[] results = [features.Erythrocyte, features.Leukocyte, features.Ionized, features.Tetany, features.Egfr, features.PregnancyAnswer];
        return [.. results.OfType<ObservationFact>().Select(result => View(assessment, result))];
    }

    /// <summary>Magnesium in whole blood and urine: shown as seen, never classified.</summary>
    public static IReadOnlyList<OtherResult> SeenOnly(Assessment assessment) => [.. assessment.Features.SeenOnly.Select(result => View(assessment, result))];

    /// <summary>The current medicines that are magnesium.</summary>
    public static IReadOnlyList<MagnesiumTherapy> Therapy(Assessment assessment) =>
    [
        .. assessment.Features.Medicines.Where(medicine => (medicine.Codes.Sets & MedicineSets.AnyMagnesium) != 0)
            .Select(medicine => new MagnesiumTherapy(
                medicine.Start.IsReadable ? SerumResult.Moment(medicine.Start.Start) : null, Evidence.From(medicine, assessment.Knowledge))),
    ];

    /// <summary>The current medicines to be taken apart from magnesium, each with the hours of its class.</summary>
    public static IReadOnlyList<DoseSeparation> DosesToSeparate(Assessment assessment)
    {
        var doses = new List<DoseSeparation>();
        if (!assessment.Fired.Contains(Rule.Safe7))
        {
            return doses;
        }

        var knowledge = assessment.Knowledge;
        var partners = knowledge.Terminology.SeparateBy;
        foreach (var medicine in assessment.Features.SafetyMedicines)
        {
            for (var i = 0; i < partners.Count; i++)
            {
                var sets = partners.GetKeyAtIndex(i);
                if ((medicine.Codes.Sets & sets) != 0)
                {
                    var (low, high) = partners.GetValueAtIndex(i);
                    doses.Add(new(knowledge.ValueSetTitles[Terminology.NameOf(sets)], low, high, Evidence.From(medicine, knowledge)));
                }
            }
        }

        return doses;
    }

    private static OtherResult View(Assessment assessment, ObservationFact result) => new(
        assessment.Knowledge.ValueSetTitles[JsonNamingPolicy.KebabCaseLower.ConvertName(result.Row.ToString())],
        result.Row is LaboratoryRow.TetanyTest or LaboratoryRow.PregnancyStatus ? result.Positive : null,
        result.Value == default ? null : result.Value,
        result.Unit is null ? null : result.Row == LaboratoryRow.Egfr ? result.Unit.Code : "mmol/L",
        Evidence.From(result, assessment.Knowledge));
}
