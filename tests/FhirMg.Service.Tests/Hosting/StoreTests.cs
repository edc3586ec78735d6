using FhirMg.Service.Access;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>The store on each provider: its form, the access log, erasure and retention.</summary>
public sealed class StoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.FromHours(3));
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Providers => ["sqlite", "postgres"];

    private static AccessEntry Entry(string server, string patient, DateTimeOffset? at = null) => new()
    {
        At = at ?? Now,
        Operation = "$evaluate",
        Server = server,
        Patient = $"Patient/{patient}",
        Client = "https://ehr.example",
        Rules = "RX-1 SAFE-7",
        Status = 200,
    };

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task The_migrations_are_of_this_model(string provider)
    {
        await using var service = await StartAsync(provider);
        await using var store = await Stores(service).CreateDbContextAsync(Cancellation);
        Assert.False(store.Database.HasPendingModelChanges(), "the model has changed: run build/migrations.sh");
        Assert.Empty(await store.Database.GetPendingMigrationsAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_was_recorded_is_written_when_the_service_stops(string provider)
    {
        await using var service = await StartAsync(provider);
        for (var i = 0; i < 1201; i++)
        {
            service.Services.GetRequiredService<AccessLog>().Record(Entry("hospital", $"p{i}"));
        }

        var log = service.Services.GetServices<IHostedService>().OfType<AccessLog>().Single();
        await log.StopAsync(Cancellation);
        await using var store = await Stores(service).CreateDbContextAsync(Cancellation);
        var entries = await store.Set<AccessEntry>().OrderBy(entry => entry.Id).ToListAsync(Cancellation);
        Assert.Equal(1201, entries.Count);
        Assert.Equal("Patient/p1200", entries[^1].Patient);
        Assert.Equal(Now, entries[0].At);
        Assert.Equal("RX-1 SAFE-7", entries[0].Rules);
        Assert.Null(entries[0].User);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Erasing_a_patient_leaves_other_patients_and_other_servers(string provider)
    {
        await using var service = await StartAsync(provider);
        await AddAsync(service, Entry("hospital", "p1"), Entry("hospital", "p1"), Entry("hospital", "p11"), Entry("clinic", "p1"));
        var erased = await service.Services.GetRequiredService<Erasure>().ErasePatientAsync("hospital", "Patient/p1", Cancellation);
        Assert.Equal(2, erased.Single(table => table.Table == "AccessLog").Rows);
        await using var store = await Stores(service).CreateDbContextAsync(Cancellation);
        Assert.Equal([("clinic", "Patient/p1"), ("hospital", "Patient/p11")],
            (await store.Set<AccessEntry>().ToListAsync(Cancellation)).Select(entry => (entry.Server!, entry.Patient!)).Order());
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Retention_erases_what_is_older_than_it_may_be(string provider)
    {
        await using var service = await StartAsync(provider);
        await AddAsync(service, Entry("hospital", "old", Now.AddDays(-31)), Entry("hospital", "young", Now.AddDays(-29)));
        Assert.Equal(1, await service.Services.GetRequiredService<Erasure>().EraseOldAsync(Now.AddDays(-30), Now, Cancellation));
        await using var store = await Stores(service).CreateDbContextAsync(Cancellation);
        Assert.Equal("Patient/young", (await store.Set<AccessEntry>().SingleAsync(Cancellation)).Patient);
    }

    [Fact]
    public async Task Sqlite_writes_ahead_so_that_readers_do_not_wait()
    {
        await using var service = await StartAsync("sqlite");
        await using var store = await Stores(service).CreateDbContextAsync(Cancellation);
        Assert.Equal("wal", (await store.Database.SqlQueryRaw<string>("PRAGMA journal_mode").ToListAsync(Cancellation)).Single());
    }

    [Fact]
    public async Task Two_instances_on_one_postgres_share_what_is_recorded()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        var settings = database.Settings;
        var starting = await Task.WhenAll(RunningService.StartAsync(settings), RunningService.StartAsync(settings));
        await using var first = starting[0];
        await using var second = starting[1];
        first.Services.GetRequiredService<AccessLog>().Record(Entry("hospital", "p1"));
        second.Services.GetRequiredService<AccessLog>().Record(Entry("hospital", "p2"));
        await first.Services.GetServices<IHostedService>().OfType<AccessLog>().Single().StopAsync(Cancellation);
        await second.Services.GetServices<IHostedService>().OfType<AccessLog>().Single().StopAsync(Cancellation);
        foreach (var service in starting)
        {
            await using var store = await Stores(service).CreateDbContextAsync(Cancellation);
            Assert.Equal(2, await store.Set<AccessEntry>().CountAsync(Cancellation));
        }
    }

    private static async Task<RunningService> StartAsync(string provider)
    {
        if (provider == "sqlite")
        {
            return await RunningService.StartAsync(RunningService.Serving(new("http://127.0.0.1:9/fhir")));
        }

        var database = await PostgresDatabase.CreateAsync();
        return await RunningService.StartAsync(database.Settings);
    }

    private static async Task AddAsync(RunningService service, params AccessEntry[] entries)
    {
        await using var store = await Stores(service).CreateDbContextAsync(Cancellation);
        await AccessInsert.WriteAsync(store, entries);
    }

    private static IDbContextFactory<ServiceStore> Stores(RunningService service) => service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>();
}
