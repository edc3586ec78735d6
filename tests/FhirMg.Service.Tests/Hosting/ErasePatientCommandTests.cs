using FhirMg.Service.Hosting;

namespace FhirMg.Service.Tests.Hosting;

/// <summary><c>erase-patient</c> as an operator runs it: what it ends with.</summary>
public sealed class ErasePatientCommandTests
{
    [Fact]
    public async Task It_is_done_at_a_store_that_a_service_uses()
    {
        var folder = Directory.CreateTempSubdirectory("erase-").FullName;
        try
        {
            var store = $"Data Source={Path.Combine(folder, "store.db")}";
            Assert.Equal(1, await RunAsync("sqlite", store));
            await using (await RunningService.StartAsync(new Dictionary<string, string?>(RunningService.Serving(new("http://127.0.0.1:9/fhir"))) { ["Store:ConnectionString"] = store }))
            {
                Assert.Equal(0, await RunAsync("sqlite", store));
            }

            Assert.Equal(1, await RunAsync("sqlite", store, server: "elsewhere"));
            Assert.Equal(2, await CommandLine.RunAsync(["erase-patient", "--server", "hospital"]));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_store_that_is_away_is_said_and_nothing_breaks() =>
        Assert.Equal(1, await RunAsync("postgres", "Host=127.0.0.1;Port=9;Username=x;Database=x;Timeout=2"));

    private static Task<int> RunAsync(string provider, string store, string server = "hospital") => CommandLine.RunAsync(
    [
        "erase-patient", "--server", server, "--patient", "p9", "--environment", "Development", "--FhirMg:Servers:0:Name=hospital", "--FhirMg:Servers:0:BaseUrl=http://127.0.0.1:9/fhir",
        $"--FhirMg:Store:Provider={provider}", $"--FhirMg:Store:ConnectionString={store}",
    ]);
}
