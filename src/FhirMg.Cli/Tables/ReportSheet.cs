using FhirMg.Cli.Evaluating;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Tables;

/// <summary>What a clinician reads: one patient after the other, then the sources once.</summary>
internal static class ReportSheet
{
    public static Sheet Of(IReadOnlyList<Evaluated> evaluated, Knowledge knowledge, Words words)
    {
        var sheet = new Sheet();
        var cited = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in evaluated)
        {
            Add(new(sheet, one.Assessment, words, cited));
            AddServer(sheet, words, one);
        }

        if (cited.Count > 0)
        {
            sheet.Heading(words["sources"]);
            foreach (var source in knowledge.Citations.Values.Where(source => cited.Contains(source.Label)))
            {
                sheet.Row(source.Label, new Line(words.Of(source.Words)));
            }
        }

        return sheet;
    }

    private static void AddServer(Sheet sheet, Words words, Evaluated one)
    {
        if (one.Warnings.Count > 0)
        {
            sheet.Heading(words["server-warnings"]);
            foreach (var warning in one.Warnings)
            {
                sheet.Paragraph(warning, Tone.Caution);
            }
        }

        if (one.Writes is { } account)
        {
            WriteRows.Add(sheet, words, account);
        }
    }

    private static void Add(PatientSheet patient)
    {
        var features = patient.Assessment.Features;
        var words = patient.Words;
        var knowledge = patient.Assessment.Knowledge;
        var when = words.Say("as-of", Values.Time(features.AsOf), $"{words.Of(knowledge.Title)} {knowledge.Version}");
        if (features.Deceased)
        {
            patient.Sheet.Title($"{features.Patient} \u00B7 {patient.Message(Rule.In9)} {words.Say("as-of", Values.Time(features.AsOf), knowledge.Version)}");
            return;
        }

        var values = new Values(knowledge, words);
        patient.Sheet.Title($"{features.Patient} \u00B7 {(features.HasBirthDate ? values.Age(features.Age) : words["age-unknown"])}", when);
        ConclusionRows.Add(patient, values);
        SafetyRows.Add(patient);
        ProposalRows.Add(patient);
        RiskRows.Add(patient);
        ContextRows.Add(patient, values);
        GapRows.Add(patient);
        EvidenceRows.Add(patient);
    }
}
