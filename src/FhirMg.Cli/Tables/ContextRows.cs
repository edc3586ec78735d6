using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Tables;

/// <summary>What frames the case: age unknown, the laboratory's own opinion, risk groups, possible causes, burden of headache.</summary>
internal static class ContextRows
{
    public static void Add(PatientSheet patient, Values values)
    {
        if (patient.Assessment.Context.IsEmpty)
        {
            return;
        }

        patient.Sheet.Heading(patient.Words["context"]);
        foreach (var rule in patient.Assessment.Context)
        {
            patient.Sheet.Row(rule.Id(), Lines(patient, rule, values));
        }
    }

    private static IEnumerable<Line> Lines(PatientSheet patient, Rule rule, Values values)
    {
        var (assessment, words) = (patient.Assessment, patient.Words);
        yield return new(patient.Message(rule));
        if (rule == Rule.Stat2 && CaseView.Laboratory(assessment) is { } laboratory)
        {
            var range = laboratory.Reference is { } reference ? $" ({values.MmolPerL(reference)})" : "";
            yield return new(words.Say("laboratory-says", words[$"laboratory-{laboratory.Word}"] + range, words.Term(assessment.Serum.Word())), Tone.Caution);
        }

        if (rule is Rule.Cause1 or Rule.Load1 or Rule.RiskG1)
        {
            foreach (var evidence in Evidence.Of(assessment, rule).Where(evidence => evidence.Words is not null))
            {
                yield return new($"{evidence.Words}{(evidence.When is { } when ? $" \u00B7 {Values.Time(when)}" : "")}", Tone.Strong);
            }
        }

        yield return patient.Basis(rule);
    }
}
