using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Tables;

/// <summary>Safety findings, the most severe first, and what they keep from being proposed.</summary>
internal static class SafetyRows
{
    public static void Add(PatientSheet patient)
    {
        var (assessment, words) = (patient.Assessment, patient.Words);
        patient.Sheet.Heading(words["safety"]);
        foreach (var severity in new[] { Severity.High, Severity.Moderate, Severity.Low })
        {
            foreach (var rule in assessment.Safety)
            {
                if (patient.Knowledge(rule).Severity == severity)
                {
                    patient.Sheet.Row(rule.Id(), severity == Severity.High ? Tone.Alarm : Tone.Caution, Lines(patient, rule, severity));
                }
            }
        }

        if (assessment.Safety.IsEmpty)
        {
            patient.Sheet.Paragraph(words[assessment.NotChecked.IsEmpty ? "safety-none" : "safety-none-but-unchecked"], assessment.NotChecked.IsEmpty ? Tone.Good : Tone.Caution);
        }
    }

    private static IEnumerable<Line> Lines(PatientSheet patient, Rule rule, Severity severity)
    {
        var (assessment, words) = (patient.Assessment, patient.Words);
        yield return new(words.Say($"severity-{severity.Word()}", patient.Title(rule)), severity == Severity.High ? Tone.Alarm : Tone.Caution);
        yield return new(patient.Message(rule));
        if (assessment.BlockedBy(rule) is { IsEmpty: false } blocked)
        {
            yield return new(words.Say("blocks", string.Join(", ", blocked.Ids())), Tone.Strong);
        }

        if (rule == Rule.Safe7)
        {
            foreach (var separation in CaseView.DosesToSeparate(assessment))
            {
                yield return new(words.Say("separate-doses",
                    words.Of(separation.Class), separation.Evidence.Words ?? separation.Evidence.Resource, words.Number(separation.LowHours), words.Number(separation.HighHours)), Tone.Strong);
            }
        }

        yield return patient.Basis(rule);
    }
}
