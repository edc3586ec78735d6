using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Tables;

/// <summary>The predicted risks with their level and why; the same reason is said once.</summary>
internal static class RiskRows
{
    public static void Add(PatientSheet patient)
    {
        var risks = Risk.Of(patient.Assessment);
        if (risks.Count == 0)
        {
            return;
        }

        var words = patient.Words;
        patient.Sheet.Heading(words["risks"]);
        foreach (var alike in risks.GroupBy(risk => (risk.Rule, risk.Level)))
        {
            var (rule, level) = alike.Key;
            var lines = alike.Select(risk => new Line(
                    words.Say("risk-of", level.Word() is { } word ? words[$"risk-{word}"] : words["risk-unlevelled"], words.Term(risk.Outcome)), ToneOf(level)))
                .Append(new(Reason(patient, rule, level)))
                .Append(patient.Basis(rule));
            patient.Sheet.Row(rule.Id(), lines);
        }
    }

    private static string Reason(PatientSheet patient, Rule rule, RiskLevel level) =>
        (rule == Rule.Risk2 && level == RiskLevel.Moderate) || (rule == Rule.Risk3 && level == RiskLevel.Unlevelled)
            ? patient.Note(rule)
            : patient.Message(rule);

    private static Tone ToneOf(RiskLevel level) => level switch
    {
        RiskLevel.High => Tone.Alarm,
        RiskLevel.Low => Tone.Good,
        _ => Tone.Caution,
    };
}
