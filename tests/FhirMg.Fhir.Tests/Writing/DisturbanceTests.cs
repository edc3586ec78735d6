using System.Diagnostics;
using FhirMg.Fhir.Writing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>Failing servers, writers at once, and a process killed at any moment leave what one undisturbed run leaves.</summary>
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
            duplicated += dump.Count - 10;
            await one.WriteAsync(assessment);
            Assert.Equal(Snapshot.Exact(dump), Snapshot.Exact(await server.DumpAsync(Cancellation)));
        }

        Assert.True(duplicated > 0, "the server did not let both create");
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
        AssertOneOfEach(Snapshot.Standing(await server.DumpAsync(Cancellation)), null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_moment_it_is_repaired_by_running_again(bool noTransaction)
    {
        var random = new Random(noTransaction ? 17 : 4711);
        var expected = await UndisturbedAsync();
        await using var server = await RealServer.StartAsync(new() { Lenient = true, FailPercent = 20, Seed = 7, NoTransaction = noTransaction, Latency = TimeSpan.FromMilliseconds(5) }, Cancellation);
        var (killed, partly) = (0, 0);
        for (var kills = 0; kills < (Long ? 100 : 10); kills++)
        {
            var name = Several[kills % Several.Length];
            await server.ResetAsync(Cancellation);
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                killed += await KillAsync(server, name, TimeSpan.FromMilliseconds(random.Next(20, noTransaction ? 1500 : 700))) ? 1 : 0;
            }

            var between = (await server.DumpAsync(Cancellation)).Count;
            partly += between > 0 && between < expected[name].Split('\n').Length ? 1 : 0;
            var runs = 0;
            while (await RunAsync(server, name) != 0)
            {
                Assert.True(++runs < 20, $"{name}: not done after {runs} runs");
            }

            Assert.Equal(expected[name], Snapshot.Of(await server.DumpAsync(Cancellation)));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} killed, {partly} left half done");
        Assert.True(killed > 0);
    }

    private static void AssertOneOfEach(IReadOnlyList<OursOnServer> standing, int? count)
    {
        Assert.Equal(standing.Count, standing.DistinctBy(one => (one.Type, one.Identifier)).Count());
        Assert.True(count is null || standing.Count == count, $"{standing.Count}");
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

    private static Process Start(RealServer server, string name) => Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "FhirMg.WriteTool"),
        [server.BaseUrl.AbsoluteUri, Case.PathOf(name), Case.AsOf.ToString("O")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    // Counted from where it begins to write, so that the start of the process is not what is killed.
    private static async Task<bool> KillAsync(RealServer server, string name, TimeSpan after)
    {
        using var process = Start(server, name);
        await process.StandardOutput.ReadLineAsync(Cancellation);
        await Task.Delay(after, Cancellation);
        var running = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
        return running;
    }

    private static async Task<int> RunAsync(RealServer server, string name)
    {
        using var process = Start(server, name);
        var said = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode is 0 or 1, await said + await errors);
        return process.ExitCode;
    }
}
