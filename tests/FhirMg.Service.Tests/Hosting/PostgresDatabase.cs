using Npgsql;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>A database of its own on the PostgreSQL server that <c>FHIRMG_POSTGRES</c> names, dropped when the cluster of the tests is.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private PostgresDatabase(string server, string name) => (_server, _name) = (server, name);

    /// <summary>Configuration of a service that uses it.</summary>
    public Dictionary<string, string?> Settings => new(RunningService.Serving(new("http://127.0.0.1:9/fhir")), StringComparer.Ordinal)
    {
        ["Store:Provider"] = "postgres",
        ["Store:ConnectionString"] = new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString,
    };

    /// <summary>Creates it; the test is skipped without a server, except where every test must run.</summary>
    public static async Task<PostgresDatabase> CreateAsync()
    {
        var server = Environment.GetEnvironmentVariable("FHIRMG_POSTGRES");
        if (string.IsNullOrEmpty(server))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("FHIRMG_REQUIRE_ALL") == "1", "needs a PostgreSQL server: set FHIRMG_POSTGRES to its connection string (tests/run.sh starts one)");
            Assert.Fail("FHIRMG_POSTGRES is not set, and no test may be skipped");
        }

        var name = $"fhirmg_{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        return new(server, name);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await ExecuteAsync(_server, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    private static async Task ExecuteAsync(string server, string statement)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
