namespace FhirMg.Cli.Tables;

/// <summary>The resources that were named, each once with its words and time.</summary>
internal static class EvidenceRows
{
    public static void Add(PatientSheet patient)
    {
        var evidence = patient.NamedEvidence.ToList();
        if (evidence.Count == 0)
        {
            return;
        }

        patient.Sheet.Heading(patient.Words["evidence"]);
        foreach (var item in evidence)
        {
            var words = new[]
            {
                item.Resource, item.Words, item.When is null ? null : Values.Time(item.When), item.VersionId is null ? null : patient.Words.Say("version", item.VersionId),
            };
            patient.Sheet.Paragraph(string.Join(" \u00B7 ", words.Where(word => word is not null)), Tone.Faint);
        }
    }
}
