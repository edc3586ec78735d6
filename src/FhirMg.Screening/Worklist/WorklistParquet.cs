using Parquet;
using Parquet.Schema;

namespace FhirMg.Screening.Worklist;

/// <summary>Writes <c>worklist.parquet</c>: the columns of the CSV, with numbers as numbers and text as it is.</summary>
internal static class WorklistParquet
{
    // Columns of more rows are arrays of a size that is collected seldom, and that the library keeps by the dozen.
    private const int RowsOfGroup = 4096;

    /// <summary>Writes the entries in groups.</summary>
    public static async Task WriteAsync(Stream output, IEnumerable<WorklistEntry> entries)
    {
        var schema = new ParquetSchema(WorklistEntry.Columns.Select(name => name switch
        {
            "rank" => (Field)new DataField<int>(name),
            "serum_low_mmol_per_l" or "serum_high_mmol_per_l" => new DataField<double?>(name),
            _ => new DataField<string>(name),
        }));
        await using var writer = await ParquetWriter.CreateAsync(schema, output);
        foreach (var group in entries.Chunk(RowsOfGroup))
        {
            using var rows = writer.CreateRowGroup();
            foreach (var field in schema.DataFields)
            {
                await (field.Name switch
                {
                    "rank" => rows.WriteAsync<int>(field, group.Select(entry => entry.Rank).ToArray()),
                    "serum_low_mmol_per_l" => rows.WriteAsync<double>(field, group.Select(entry => (double?)entry.SerumLow).ToArray()),
                    "serum_high_mmol_per_l" => rows.WriteAsync<double>(field, group.Select(entry => (double?)entry.SerumHigh).ToArray()),
                    var name => rows.WriteAsync(field, group.Select(entry => Text(entry, name)).ToArray()),
                });
            }

            rows.CompleteValidate();
        }
    }

    private static string Text(WorklistEntry entry, string column) => column switch
    {
        "urgency" => entry.Urgency,
        "patient" => entry.Patient,
        "reasons" => entry.Reasons,
        "message" => entry.Message,
        "rules" => entry.Rules,
        "withheld" => entry.Withheld,
        "serum_status" => entry.SerumStatus,
        "deficiency" => entry.Deficiency,
        "migraine" => entry.Migraine,
        "not_checked" => entry.NotChecked,
        _ => entry.AsOf,
    };
}
