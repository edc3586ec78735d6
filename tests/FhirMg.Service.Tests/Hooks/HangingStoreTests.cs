using System.Diagnostics;
using FhirMg.Service.Hooks.Callers;
using FhirMg.Service.Tests.Hosting;
using Npgsql;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Whether a token was used before a store that hangs does not say: the call is turned away in time, and the next is let in when the store is back.</summary>
public sealed class HangingStoreTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(8);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_turned_away_in_time_and_the_next_is_let_in_when_the_store_is_back()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var ehr = await Ehr.StartAsync();
        await using var service = await CardTests.StartAsync(settings =>
        {
            foreach (var (key, value) in database.Settings.Where(setting => setting.Key.StartsWith("Store:", StringComparison.Ordinal)))
            {
                settings[key] = value;
            }

            ehr.Settings(settings);
        });
        Assert.Equal(200, (await CallAsync(service, ehr.Sign(ehr.Claims()))).Status);

        await using var source = NpgsqlDataSource.Create(database.Settings["Store:ConnectionString"]!);
        await using var connection = await source.OpenConnectionAsync(Cancellation);
        await using (var locking = await connection.BeginTransactionAsync(Cancellation))
        {
            await using var command = new NpgsqlCommand($"LOCK TABLE \"{UsedTokenTable.Table}\" IN ACCESS EXCLUSIVE MODE", connection, locking);
            await command.ExecuteNonQueryAsync(Cancellation);
            var began = Stopwatch.GetTimestamp();
            var token = ehr.Sign(ehr.Claims());
            var answers = await Task.WhenAll(CallAsync(service, token), CallAsync(service, ehr.Sign(ehr.Claims())));
            Assert.Equal([503, 503], answers.Select(answer => answer.Status));
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Bound);

            // Nobody knows whether the store has kept it.
            Assert.Equal(401, (await CallAsync(service, token)).Status);
        }

        Assert.Equal(200, (await CallAsync(service, ehr.Sign(ehr.Claims()))).Status);
    }

    private static Task<CallAnswer> CallAsync(RunningService service, string token) => Call.Of("adult-mild-with-migraine").SendAsync(service, token: token);
}
