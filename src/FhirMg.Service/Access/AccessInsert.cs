using System.Data.Common;
using System.Globalization;
using System.Text;
using FhirMg.Service.Store;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using SQLitePCL;

namespace FhirMg.Service.Access;

/// <summary>Writes many entries in one transaction: at full load tracking each row would cost more than answering the request it tells of.</summary>
internal static class AccessInsert
{
    public static async Task WriteAsync(ServiceStore store, IReadOnlyList<AccessEntry> entries)
    {
        var type = store.Model.FindEntityType(typeof(AccessEntry))!;
        var columns = type.GetProperties().Where(property => property.Name != nameof(AccessEntry.Id)).ToList();
        await using var transaction = await store.Database.BeginTransactionAsync();
        if (store.Database.GetDbConnection() is SqliteConnection sqlite)
        {
            Write(sqlite, Statement(type, columns, 1), columns, entries);
        }
        else
        {
            // A server is asked once.
            await using var command = store.Database.GetDbConnection().CreateCommand();
            command.Transaction = transaction.GetDbTransaction();
            command.CommandText = Statement(type, columns, entries.Count);
            for (var i = 0; i < entries.Count * columns.Count; i++)
            {
                var column = columns[i % columns.Count];
                command.Parameters.Add(column.GetRelationalTypeMapping().CreateParameter(command, Name(i), ValueOf(column, entries[i / columns.Count]), column.IsNullable));
            }

            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    // A command looks each parameter up by its name for every row, and among those of all rows where they are one statement.
    private static void Write(SqliteConnection connection, string insert, List<IProperty> columns, IReadOnlyList<AccessEntry> entries)
    {
        Check(raw.sqlite3_prepare_v2(connection.Handle, insert, out var statement));
        var convert = columns.ConvertAll(column => column.GetRelationalTypeMapping().Converter?.ConvertToProvider);
        using (statement)
        {
            foreach (var entry in entries)
            {
                for (var i = 0; i < columns.Count; i++)
                {
                    var value = ValueOf(columns[i], entry);
                    Check(Bind(statement, i + 1, convert[i] is { } toProvider ? toProvider(value) : value));
                }

                Check(raw.sqlite3_step(statement));
                Check(raw.sqlite3_reset(statement));
            }
        }

        void Check(int result)
        {
            if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
            {
                SqliteException.ThrowExceptionForRC(result, connection.Handle);
            }
        }
    }

    private static int Bind(sqlite3_stmt statement, int parameter, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, parameter),
        string text => raw.sqlite3_bind_text(statement, parameter, text),
        long number => raw.sqlite3_bind_int64(statement, parameter, number),
        int number => raw.sqlite3_bind_int(statement, parameter, number),
        _ => throw new NotSupportedException($"the access log has no column of {value.GetType().Name}"),
    };

    private static object? ValueOf(IProperty column, AccessEntry entry) => column.GetGetter().GetClrValueUsingContainingEntity(entry);

    private static string Name(int parameter) => string.Create(CultureInfo.InvariantCulture, $"@p{parameter}");

    private static string Statement(IEntityType type, List<IProperty> columns, int rows)
    {
        var text = new StringBuilder($"INSERT INTO \"{type.GetTableName()}\" (").AppendJoin(", ", columns.Select(column => $"\"{column.GetColumnName()}\"")).Append(") VALUES ");
        for (var row = 0; row < rows; row++)
        {
            text.Append(row == 0 ? "(" : ", (")
                .AppendJoin(", ", Enumerable.Range(row * columns.Count, columns.Count).Select(Name))
                .Append(')');
        }

        return text.ToString();
    }
}
