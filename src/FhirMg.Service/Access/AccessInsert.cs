using System.Data.Common;
using System.Globalization;
using System.Text;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace FhirMg.Service.Access;

/// <summary>Writes many entries in one transaction: at full load tracking each row would cost more than answering the request it tells of.</summary>
internal static class AccessInsert
{
    public static async Task WriteAsync(ServiceStore store, IReadOnlyList<AccessEntry> entries)
    {
        var type = store.Model.FindEntityType(typeof(AccessEntry))!;
        var columns = type.GetProperties().Where(property => property.Name != nameof(AccessEntry.Id)).ToList();

        // SQLite looks each parameter up among all of its statement, and has no way to go: one row a statement. A server is asked once.
        var rows = store.Database.IsSqlite() ? 1 : entries.Count;
        await using var transaction = await store.Database.BeginTransactionAsync();
        await using var command = store.Database.GetDbConnection().CreateCommand();
        command.Transaction = transaction.GetDbTransaction();
        command.CommandText = Statement(type, columns, rows);
        for (var first = 0; first < entries.Count; first += rows)
        {
            Fill(command, columns, entries, first, rows);
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    private static void Fill(DbCommand command, List<IProperty> columns, IReadOnlyList<AccessEntry> entries, int first, int rows)
    {
        var isNew = command.Parameters.Count == 0;
        for (var i = 0; i < rows * columns.Count; i++)
        {
            var column = columns[i % columns.Count];
            var (mapping, value) = (column.GetRelationalTypeMapping(), column.PropertyInfo!.GetValue(entries[first + (i / columns.Count)]));
            if (isNew)
            {
                command.Parameters.Add(mapping.CreateParameter(command, $"@p{i.ToString(CultureInfo.InvariantCulture)}", value, column.IsNullable));
            }
            else
            {
                command.Parameters[i].Value = (value is not null && mapping.Converter is { } converter ? converter.ConvertToProvider(value) : value) ?? DBNull.Value;
            }
        }
    }

    private static string Statement(IEntityType type, List<IProperty> columns, int rows)
    {
        var text = new StringBuilder($"INSERT INTO \"{type.GetTableName()}\" (").AppendJoin(", ", columns.Select(column => $"\"{column.GetColumnName()}\"")).Append(") VALUES ");
        for (var row = 0; row < rows; row++)
        {
            text.Append(row == 0 ? "(" : ", (")
                .AppendJoin(", ", Enumerable.Range(row * columns.Count, columns.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"@p{i}")))
                .Append(')');
        }

        return text.ToString();
    }
}
