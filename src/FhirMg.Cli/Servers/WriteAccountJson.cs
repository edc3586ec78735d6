using System.Text.Json;

namespace FhirMg.Cli.Servers;

/// <summary>Writes the key <c>writes</c> of the JSON output (docs/report.md).</summary>
internal static class WriteAccountJson
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<WriteAccount> accounts)
    {
        writer.WriteStartArray("writes"u8);
        foreach (var account in accounts)
        {
            writer.WriteStartObject();
            writer.WriteString("patient"u8, account.Patient);
            writer.WriteBoolean("written"u8, account.IsWritten);
            writer.WriteString("how"u8, account.How);
            WriteOptional(writer, "problem", account.Problem);
            writer.WriteStartArray("steps"u8);
            foreach (var entry in account.Entries)
            {
                Write(writer, entry);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, WriteEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("action"u8, entry.Action);
        WriteOptional(writer, "outcome", entry.Outcome);
        writer.WriteString("state"u8, entry.State);
        writer.WriteString("resource"u8, entry.Type);
        WriteOptional(writer, "rule", entry.Rule);
        WriteOptional(writer, "reference", entry.Reference);
        writer.WriteString("reason"u8, entry.Reason);
        WriteOptional(writer, "problem", entry.Problem);
        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
