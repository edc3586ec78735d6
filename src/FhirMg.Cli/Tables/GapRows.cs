using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Tables;

/// <summary>What the assessment could not look at: rules not checked, resources set aside, what carries no code, rules switched off.</summary>
internal static class GapRows
{
    public static void Add(PatientSheet patient)
    {
        var (assessment, words, sheet) = (patient.Assessment, patient.Words, patient.Sheet);
        if (!assessment.NotChecked.IsEmpty)
        {
            sheet.Heading(words["not-checked"]);
            foreach (var rule in assessment.NotChecked)
            {
                var text = patient.Knowledge(rule).NotChecked;
                sheet.Row(rule.Id(), Tone.Caution, new Line($"{patient.Title(rule)}? {(text is null ? "" : words.Of(text))}"));
            }
        }

        var features = assessment.Features;
        if (features.NotRead != DataKinds.None)
        {
            sheet.Heading(words["not-read"]);
            sheet.Paragraph(string.Join(", ", Reasoning.Reporting.Words.Each(features.NotRead).Select(kind => words[$"not-read-{kind}"])), Tone.Caution);
        }

        if (features.JoinedFrom.Count > 0)
        {
            sheet.Heading(words["joined"]);
            sheet.Paragraph(words.Say("joined-from", string.Join(", ", features.JoinedFrom), features.Patient), Tone.Caution);
        }

        if (features.SetAside.Count + features.UncodedConditions + features.UnresolvedMedicines > 0)
        {
            sheet.Heading(words["set-aside"]);
            foreach (var alike in features.SetAside.GroupBy(aside => aside.Reason).OrderBy(group => group.Key))
            {
                sheet.Paragraph($"{words.Term($"set-aside-{alike.Key.Word()}")}: {string.Join(", ", alike.Select(aside => aside.Resource))}");
            }

            Count(sheet, words, "uncoded-conditions", features.UncodedConditions);
            Count(sheet, words, "unresolved-medicines", features.UnresolvedMedicines);
        }

        if (!assessment.Knowledge.Disabled.IsEmpty)
        {
            sheet.Heading(words["disabled-rules"]);
            foreach (var rule in assessment.Knowledge.Disabled)
            {
                sheet.Row(rule.Id(), new Line(patient.Title(rule)));
            }
        }
    }

    private static void Count(Sheet sheet, Words words, string code, int count)
    {
        if (count > 0)
        {
            sheet.Paragraph(words.Say(code, count), Tone.Caution);
        }
    }
}
