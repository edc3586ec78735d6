using System.Diagnostics;
using FhirMg.Service.Hooks.Callers;
using FhirMg.Service.Store;
using FhirMg.Service.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Key sets that another instance fetched count for a day, and nobody waits for a store that hangs.</summary>
public sealed class SharedKeysTests
{
    private const string Mild = "adult-mild-with-migraine";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-1, 200)]
    [InlineData(1, 401)]
    public async Task A_set_from_the_store_counts_for_a_day(int minutes, int status)
    {
        var time = new SampleTime();
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr, time);
        await KeepAsync(service, ehr);
        time.Moved = TimeSpan.FromDays(1) + TimeSpan.FromMinutes(minutes);
        Assert.Equal(status, await CallAsync(service, ehr, time));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_set_that_is_in_use_ends_counting_after_a_day_too(bool isFetchedHere)
    {
        var time = new SampleTime();
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr, time);
        if (isFetchedHere)
        {
            Assert.Equal(200, await CallAsync(service, ehr, time));
        }
        else
        {
            await KeepAsync(service, ehr);
        }

        ehr.IsAway = true;
        time.Moved = TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1);
        Assert.Equal(200, await CallAsync(service, ehr, time));
        time.Moved = TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1);
        Assert.Equal(401, await CallAsync(service, ehr, time));
        ehr.IsAway = false;
        time.Moved += TimeSpan.FromMinutes(1);
        Assert.Equal(200, await CallAsync(service, ehr, time));
    }

    [Fact]
    public async Task A_call_does_not_wait_for_a_store_that_hangs()
    {
        var time = new SampleTime();
        await using var database = await PostgresDatabase.CreateAsync();
        await using var ehr = await Ehr.StartAsync();
        await using var service = await StartAsync(ehr, time, database);
        await using var source = NpgsqlDataSource.Create(database.Settings["Store:ConnectionString"]!);
        await using var connection = await source.OpenConnectionAsync(Cancellation);
        await using var locking = await connection.BeginTransactionAsync(Cancellation);
        await using (var command = new NpgsqlCommand($"LOCK TABLE \"{KnownKeySetTable.Table}\" IN ACCESS EXCLUSIVE MODE", connection, locking))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var began = Stopwatch.GetTimestamp();
        Assert.Equal(200, await CallAsync(service, ehr, time));

        // Nor where the client cannot be reached, and the store is asked instead.
        (ehr.IsAway, time.Moved) = (true, TimeSpan.FromMinutes(1));
        ehr.Rotate();
        Assert.Equal(401, await CallAsync(service, ehr, time));
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Bound);
        Assert.Contains("could not be shared by the store (TimeoutException)", service.Log.Text, StringComparison.Ordinal);
    }

    private static Task<RunningService> StartAsync(Ehr ehr, SampleTime time, PostgresDatabase? database = null) => CardTests.StartAsync(settings =>
    {
        foreach (var (key, value) in (database?.Settings ?? []).Where(setting => setting.Key.StartsWith("Store:", StringComparison.Ordinal)))
        {
            settings[key] = value;
        }

        ehr.Settings(settings);
    }, time: time);

    // As another instance would, before its client went away. The first use of a store may take longer than the service waits for it.
    private static async Task KeepAsync(RunningService service, Ehr ehr)
    {
        await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        do
        {
            await service.Services.GetRequiredService<SharedKeySets>().KeepAsync(ehr.JwksUri, ehr.Jwks(), Cancellation);
        }
        while (!await store.Set<KnownKeySet>().AnyAsync(Cancellation));
        ehr.IsAway = true;
    }

    private static async Task<int> CallAsync(RunningService service, Ehr ehr, SampleTime time)
    {
        var claims = ehr.Claims();
        (claims["iat"], claims["exp"]) = (time.GetUtcNow().ToUnixTimeSeconds(), time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds());
        return (await Call.Of(Mild).SendAsync(service, token: ehr.Sign(claims))).Status;
    }
}
