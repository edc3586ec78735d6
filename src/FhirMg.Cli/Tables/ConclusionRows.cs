using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Tables;

/// <summary>The conclusion: serum status, deficiency, migraine, manifestations.</summary>
internal static class ConclusionRows
{
    public static void Add(PatientSheet patient, Values values)
    {
        var (assessment, words, sheet) = (patient.Assessment, patient.Words, patient.Sheet);
        sheet.Row(words["serum-magnesium"], Serum(patient, values));
        var deficiency = assessment.DeficiencyRule;
        sheet.Row(words["deficiency"],
            new Line(words.Term(assessment.Deficiency.Word()), ToneOf(assessment.Deficiency)), new(patient.Message(deficiency)), patient.Basis(deficiency));
        sheet.Row(words["migraine"], new Line(assessment.Features.HasMigraine
            ? words[assessment.Features.HasAura ? "migraine-with-aura" : "migraine-recorded"]
            : patient.Message(Rule.Risk4)));
        sheet.Row(words["manifestations"], new Line(Manifestations(assessment, words)));
        var results = CaseView.Results(assessment);
        if (results.Count > 0)
        {
            sheet.Row(words["other-results"], results.Select(result => new Line(Say(result, values, words))));
        }

        var seen = CaseView.SeenOnly(assessment);
        if (seen.Count > 0)
        {
            sheet.Row(words["seen-only"], seen.Select(result => new Line(Say(result, values, words))));
        }
    }

    private static IEnumerable<Line> Serum(PatientSheet patient, Values values)
    {
        var (assessment, words) = (patient.Assessment, patient.Words);
        var status = words.Term(assessment.Serum.Word());
        var result = SerumResult.Of(assessment);
        if (assessment.Serum == SerumStatus.Indeterminate)
        {
            var touched = assessment.Touched.Each().Select(words.Term).ToList();
            status = touched.Count > 0 ? $"{status}: {words.Say("between", string.Join(", ", touched))}" : $"{status}: {words["no-reference-interval"]}";
        }

        if (result is null)
        {
            yield return new(status, Tone.Caution);
            yield break;
        }

        yield return new($"{values.MmolPerL(result.MmolPerL)} \u2013 {status}", ToneOf(assessment));
        if (assessment.Serum == SerumStatus.Stale)
        {
            yield return new(words["stale-explained"], Tone.Caution);
        }

        if (result.Preliminary)
        {
            yield return new(patient.Message(Rule.In1), Tone.Caution);
        }

        yield return new(string.Join(" \u00B7 ", Context(assessment, result, values, words)));
        yield return Basis(patient, result);
    }

    private static Line Basis(PatientSheet patient, SerumResult result)
    {
        // The observation is named with its time on the line before.
        var rules = patient.Basis(Rule.Range1, Rule.Range2, Rule.Sev1, Rule.Stat1);
        return rules with { Text = rules.Text.Replace("\u2190 ", $"\u2190 {result.Resource} \u00B7 ", StringComparison.Ordinal) };
    }

    private static IEnumerable<string> Context(Assessment assessment, SerumResult result, Values values, Words words)
    {
        yield return Values.Time(result.When);
        if (result.Scale.References.Count > 0)
        {
            yield return words.Say("reference-interval", string.Join(words["or"], result.Scale.References.Select(row => values.Range(row))));
        }

        if (result.Scale.HasOptimal)
        {
            yield return words.Say("optimal-interval", values.Range(assessment.Knowledge.Serum.Optimal));
        }

        if (assessment.Features.TrendPerMonth is { } trend)
        {
            yield return words.Say("trend-per-month", words.Signed(trend), values.Unit(Values.Millimoles));
        }
    }

    private static string Manifestations(Assessment assessment, Words words) => CaseView.Manifestations(assessment) is { } answered
        ? words.Say(assessment.Features.HasMigraine ? "manifestations-counted-without-headache" : "manifestations-counted",
            answered.Count, Values.Time(answered.Evidence.When), answered.Evidence.Resource)
        : words["manifestations-not-asked"];

    private static string Say(OtherResult result, Values values, Words words)
    {
        var value = result.Positive is { } positive ? words[positive ? "positive" : "negative"]
            : result.Value is { } number ? $"{values.Range(number)}{(result.Unit is { } unit ? $" {values.Unit(unit)}" : "")}"
            : words["value-not-shown"];
        return $"{words.Of(result.Title)}: {value} \u00B7 {Values.Time(result.Evidence.When)} \u00B7 {result.Evidence.Resource}";
    }

    private static Tone ToneOf(Assessment assessment) =>
        (assessment.Touched & (SerumStatuses.Severe | SerumStatuses.Elevated)) != 0 ? Tone.Alarm
        : assessment.Touched == SerumStatuses.Normal ? Tone.Good
        : Tone.Caution;

    private static Tone ToneOf(Deficiency deficiency) => deficiency switch
    {
        Deficiency.Excess or Deficiency.Confirmed => Tone.Alarm,
        Deficiency.Unlikely => Tone.Good,
        _ => Tone.Caution,
    };
}
