namespace FhirMg.Reasoning.Reading;

/// <summary>Reads what OperationOutcomes say: servers put them beside, among and in place of resources.</summary>
internal static class OutcomeReader
{
    private const int Longest = 300;

    /// <summary>Reads the OperationOutcome whose object was entered.</summary>
    public static void Read(ref ElementReader reader, List<string> outcomes)
    {
        while (reader.NextProperty())
        {
            if (!reader.Is("issue"u8))
            {
                reader.Skip();
                continue;
            }

            for (var entered = reader.EnterArray(); entered && reader.NextObject();)
            {
                ReadIssue(ref reader, outcomes);
            }
        }
    }

    private static void ReadIssue(ref ElementReader reader, List<string> outcomes)
    {
        ReadOnlySpan<byte> severity = default, code = default, diagnostics = default;
        string? details = null;
        while (reader.NextProperty())
        {
            if (reader.Is("severity"u8))
            {
                severity = reader.String();
            }
            else if (reader.Is("code"u8))
            {
                code = reader.String();
            }
            else if (reader.Is("details"u8))
            {
                details = ReadDetails(ref reader);
            }
            else if (reader.Is("diagnostics"u8))
            {
                diagnostics = reader.String();
            }
            else
            {
                reader.Skip();
            }
        }

        var said = string.Join(' ', new[] { reader.Text(severity), reader.Text(code), details, reader.Text(diagnostics) }.OfType<string>());
        outcomes.Add(said.Length > Longest ? $"{said[..Longest]}…" : said);
    }

    private static string? ReadDetails(ref ElementReader reader)
    {
        string? text = null;
        if (!reader.EnterObject())
        {
            return null;
        }

        while (reader.NextProperty())
        {
            if (reader.Is("text"u8))
            {
                text = reader.Text(reader.String());
            }
            else
            {
                reader.Skip();
            }
        }

        return text;
    }
}
