using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Tables;

/// <summary>What is proposed: the medicine with its dose, why, and the warnings to read beside it.</summary>
internal static class ProposalRows
{
    public static void Add(PatientSheet patient)
    {
        var words = patient.Words;
        patient.Sheet.Heading(words["proposals"]);
        var byRule = Proposal.Of(patient.Assessment).GroupBy(proposal => proposal.Rule).ToList();
        foreach (var proposals in byRule)
        {
            patient.Sheet.Row(proposals.Key.Id(), Tone.Strong, Lines(patient, proposals.Key, [.. proposals]));
        }

        if (byRule.Count == 0)
        {
            patient.Sheet.Paragraph(words["proposals-none"]);
        }
    }

    private static IEnumerable<Line> Lines(PatientSheet patient, Rule rule, List<Proposal> proposals)
    {
        var words = patient.Words;
        if (proposals[0].Resource == Proposal.Note)
        {
            yield return new($"{words["note"]}: {patient.Note(rule)}");
            yield return patient.Basis(rule);
            yield break;
        }

        var medicines = proposals.Where(proposal => proposal.Medication is not null).SelectMany(proposal => proposal.Activities).ToList();
        if (medicines.Count > 0)
        {
            yield return new(string.Join(" / ", medicines.Select(medicine => words.Of(medicine.Title))), Tone.Strong);
        }

        foreach (var medicine in medicines.Where(medicine => medicine.IsDosed || medicines.Count == 1))
        {
            if (ArtifactText.Dose(medicine) is { } dose)
            {
                yield return new(!medicine.IsDosed ? words.Of(dose) : words.Say(medicines.Count == 1 ? "dose" : "dose-of", words.Of(dose), words.Of(medicine.Title)));
            }

            // The message of a rule with one medicine says itself why its dose must be confirmed.
            if (medicines.Count > 1 && medicine.DoseBasis is { } basis)
            {
                yield return new(words.Of(basis));
            }
        }

        yield return new(patient.Message(rule));
        if (medicines.Count > 0 && patient.Assessment.WarningsBeside(rule) is { IsEmpty: false } warnings)
        {
            yield return new(words.Say("warnings-beside", string.Join(", ", warnings.Ids())), Tone.Caution);
        }

        yield return patient.Basis(rule, medicines.SelectMany(Sources));
    }

    private static IEnumerable<string> Sources(Activity activity) =>
        ArtifactText.Each(activity.Json, "relatedArtifact").Select(source => source.GetProperty("label").GetString()!);
}
