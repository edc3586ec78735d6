using System.Text.Json.Nodes;
using FhirMg.Fhir.Writing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>Failing servers and writers at once leave what one undisturbed run leaves.</summary>
public sealed class DisturbanceTests
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("FHIRMG_LONG") == "1";
    private static readonly string[] Several = ["chart-russian-inpatient-attack-with-aura", "latent-by-manifestations", "levothyroxine-and-iron-separate-doses", "anxiety-magnesium-with-b6"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_fails_every_fifth_time_ends_as_one_that_does_not(bool noTransaction)
    {
        var expected = await UndisturbedAsync();
        for (var seed = 1; seed <= (Long ? 20 : 3); seed++)
        {
            await using var server = await RealServer.StartAsync(new() { Lenient = true, FailPercent = 20, Seed = seed, NoTransaction = noTransaction }, Cancellation);
            await using var writer = new Writer(server.BaseUrl);
            foreach (var name in Several)
            {
                await server.ResetAsync(Cancellation);
                var runs = 0;
                while (!await TryAsync(writer, name))
                {
                    Assert.True(++runs < 20, $"{name}: not done after {runs} runs");
                }

                Assert.Equal(expected[name], Snapshot.Of(await server.DumpAsync(Cancellation)));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_writers_at_once_leave_what_one_leaves(bool noTransaction)
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true, NoTransaction = noTransaction }, Cancellation);
        await using var one = new Writer(server.BaseUrl);
        await using var other = new Writer(server.BaseUrl);
        Case[] course = [Case.Mild, Case.Mild.WithSerum(0.60m), Case.Mild.WithAnxiety(), Case.Mild.WithSerum(0.90m), Case.Mild];
        var expected = new List<string>();
        foreach (var data in course)
        {
            await one.WriteAsync(data);
            expected.Add(Snapshot.Of(await server.DumpAsync(Cancellation)));
        }

        for (var round = 0; round < (Long ? 40 : 6); round++)
        {
            await server.ResetAsync(Cancellation);
            for (var i = 0; i < course.Length; i++)
            {
                var assessment = course[i].Assess();
                var results = await Task.WhenAll(one.WriteAtOnceAsync(assessment), other.WriteAtOnceAsync(assessment));
                Assert.All(results, result => Assert.True(result.IsComplete, string.Join('\n', result.Steps)));
                Assert.Equal(expected[i], Snapshot.Of(await server.DumpAsync(Cancellation)));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_server_lets_both_create_one_of_each_stands(bool noTransaction)
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true, NoTransaction = noTransaction, Race = TimeSpan.FromMilliseconds(30) }, Cancellation);
        await using var one = new Writer(server.BaseUrl);
        await using var other = new Writer(server.BaseUrl);
        var duplicated = 0;
        for (var round = 0; round < (Long ? 20 : 4); round++)
        {
            await server.ResetAsync(Cancellation);
            var assessment = Case.Mild.Assess();
            var results = await Task.WhenAll(one.WriteAtOnceAsync(assessment), other.WriteAtOnceAsync(assessment));
            Assert.All(results, result => Assert.True(result.IsComplete, string.Join('\n', result.Steps)));
            var dump = await server.DumpAsync(Cancellation);
            AssertOneOfEach(Snapshot.Standing(dump), 10);
            AssertLeadsToWhatStands(dump);
            duplicated += dump.Count - 10;
            await one.WriteAsync(assessment);
            Assert.Equal(Snapshot.Exact(dump), Snapshot.Exact(await server.DumpAsync(Cancellation)));
        }

        Assert.True(duplicated > 0, "the server did not let both create");
    }

    [Fact]
    public async Task In_one_process_writers_of_one_patient_take_turns()
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true, Race = TimeSpan.FromMilliseconds(30) }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => writer.WriteAsync(Case.Mild)));
        Assert.Equal(10, (await server.DumpAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task Where_search_lags_one_of_each_stands()
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true, Lag = TimeSpan.FromMilliseconds(400) }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        await writer.WriteAsync(Case.Mild);
        await writer.WriteAsync(Case.Mild.WithAnxiety());
        await writer.WriteAsync(Case.Mild.WithAnxiety());
        await Task.Delay(500, Cancellation);
        Assert.True((await writer.WriteAsync(Case.Mild.WithAnxiety())).IsComplete);
        AssertOneOfEach(Snapshot.Standing(await server.DumpAsync(Cancellation)), 15);
    }

    private static void AssertOneOfEach(IReadOnlyList<OursOnServer> standing, int count)
    {
        Assert.Equal(standing.Count, standing.DistinctBy(one => (one.Type, one.Identifier)).Count());
        Assert.Equal(count, standing.Count);
    }

    private static void AssertLeadsToWhatStands(IReadOnlyList<JsonObject> dump)
    {
        var standing = Snapshot.Standing(dump);
        var losers = dump.Select(resource => $"{resource.Text("resourceType")}/{resource.Text("id")}").Except(standing.Select(one => one.Reference)).ToList();
        Assert.All(standing, one => Assert.DoesNotContain(losers, loser => one.Json!.ToJsonString().Contains($"\"{loser}\"", StringComparison.Ordinal)));
        Assert.All(standing, one => Assert.Equal(Standing.Ours, one.Standing));
    }

    private static async Task<Dictionary<string, string>> UndisturbedAsync()
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        var snapshots = new Dictionary<string, string>();
        foreach (var name in Several)
        {
            await server.ResetAsync(Cancellation);
            Assert.True(await TryAsync(writer, name));
            snapshots[name] = Snapshot.Of(await server.DumpAsync(Cancellation));
        }

        return snapshots;
    }

    private static async Task<bool> TryAsync(Writer writer, string name)
    {
        try
        {
            return (await writer.WriteAsync(Case.Sample(name))).IsComplete;
        }
        catch (Servers.FhirServerException)
        {
            return false;
        }
    }
}
