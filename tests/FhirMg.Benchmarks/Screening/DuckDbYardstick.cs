using System.Globalization;
using DuckDB.NET.Data;

namespace FhirMg.Benchmarks.Screening;

/// <summary>DuckDB's read_ndjson doing the group-by alone: how many serum magnesium values each patient has, and the lowest.</summary>
internal static class DuckDbYardstick
{
    // Only the members that the query asks for are read, which is its fastest way.
    private const string Query = """
        SELECT count(*), sum(n) FROM (
          SELECT subject.reference AS patient, count(*) AS n, min(valueQuantity."value") AS lowest
          FROM read_ndjson($path, columns = {
            resourceType: 'VARCHAR', subject: 'STRUCT(reference VARCHAR)', status: 'VARCHAR', effectiveDateTime: 'VARCHAR',
            code: 'STRUCT(coding STRUCT(system VARCHAR, code VARCHAR)[])', valueQuantity: 'STRUCT("value" DOUBLE, unit VARCHAR)' })
          WHERE resourceType = 'Observation' AND code.coding[1].code = '2601-3' GROUP BY 1)
        """;

    public static async Task<Row> CompareAsync(string path, string work, Func<Task> screen, int threads, int pairs)
    {
        Run(path, threads);
        await screen();
        var (ours, theirs, quotients) = (new double[pairs], new double[pairs], new double[pairs]);
        for (var i = 0; i < pairs; i++)
        {
            theirs[i] = await ScreeningBenchmark.TimeAsync(work, () =>
            {
                Run(path, threads);
                return Task.CompletedTask;
            });
            ours[i] = await ScreeningBenchmark.TimeAsync(work, screen);
            quotients[i] = theirs[i] / ours[i];
        }

        var quotient = Stopper.Median(quotients);
        return Row.Of($"screening against DuckDB's read_ndjson, {threads} thread{(threads > 1 ? "s" : "")}",
            string.Create(CultureInfo.InvariantCulture, $"{quotient:0.00} times as fast ({Stopper.Median(ours):0.00} s, {Stopper.Median(theirs):0.00} s)"), "> 1", quotient > 1);
    }

    private static void Run(string path, int threads)
    {
        using var connection = new DuckDBConnection(string.Create(CultureInfo.InvariantCulture, $"DataSource=:memory:;threads={threads}"));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Query;
        command.Parameters.Add(new DuckDBParameter("path", path));
        using var result = command.ExecuteReader();
        if (!result.Read() || result.GetInt64(0) == 0)
        {
            throw new InvalidOperationException("DuckDB found no magnesium");
        }
    }
}
