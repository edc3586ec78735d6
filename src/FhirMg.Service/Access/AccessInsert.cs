using System.Data.Common;
using System.Globalization;
using System.Text;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace FhirMg.Service.Access;

/// <summary>Writes many entries by one statement: at full load tracking each row would cost more than answering the request it tells of.</summary>
internal static class AccessInsert
{
    public static async Task WriteAsync(ServiceStore store, IReadOnlyList<AccessEntry> entries)
    {
        var type = store.Model.FindEntityType(typeof(AccessEntry))!;
        var columns = type.GetProperties().Where(property => property.Name != nameof(AccessEntry.Id)).ToList();
        await store.Database.OpenConnectionAsync();
        await using var command = store.Database.GetDbConnection().CreateCommand();
        command.CommandText = Statement(type, columns, entries.Count);
        foreach (var entry in entries)
        {
            foreach (var column in columns)
            {
                Add(command, column, entry);
            }
        }

        await command.ExecuteNonQueryAsync();
    }

    private static void Add(DbCommand command, IProperty column, AccessEntry entry)
    {
        var value = column.PropertyInfo!.GetValue(entry);
        var parameter = column.GetRelationalTypeMapping().CreateParameter(command, $"@p{command.Parameters.Count.ToString(CultureInfo.InvariantCulture)}", value, column.IsNullable);
        command.Parameters.Add(parameter);
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
