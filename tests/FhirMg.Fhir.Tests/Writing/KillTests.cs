using System.Diagnostics;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>A process killed at any moment of its writing – SIGKILL, not asked – is repaired by running again.</summary>
public sealed class KillTests
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("FHIRMG_LONG") == "1";
    private static readonly string[] Several = ["chart-russian-inpatient-attack-with-aura", "latent-by-manifestations", "levothyroxine-and-iron-separate-doses", "anxiety-magnesium-with-b6"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_moment_it_is_repaired_by_running_again(bool noTransaction)
    {
        var random = new Random(noTransaction ? 17 : 4711);
        (string? First, string Then)[] courses = [.. Several.Select(name => ((string?)null, Case.PathOf(name))),
            (Case.PathOf("latent-by-manifestations"), Written(Case.Latent.WithSerum(0.60m))), (Case.PathOf("adult-mild-with-migraine"), Written(Case.Mild.WithAnxiety()))];
        await using var server = await RealServer.StartAsync(new() { Lenient = true, FailPercent = 20, Seed = 7, NoTransaction = noTransaction, Latency = TimeSpan.FromMilliseconds(5) }, Cancellation);
        var expected = new Dictionary<string, string>();
        var usual = TimeSpan.FromSeconds(1);
        var (killed, partly) = (0, 0);
        for (var i = 0; killed < (Long ? 100 : 10) || (noTransaction && partly == 0 && i < 100); i++)
        {
            var (first, then) = courses[i % courses.Length];
            await server.ResetAsync(Cancellation);
            await FinishAsync(server, first);
            var before = Snapshot.Exact(await server.DumpAsync(Cancellation));
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                killed += await KillAsync(server, then, usual * random.NextDouble()) ? 1 : 0;
            }

            var between = await server.DumpAsync(Cancellation);
            usual = (usual + await FinishAsync(server, then)) / 2;
            var end = Snapshot.Of(await server.DumpAsync(Cancellation));
            partly += Snapshot.Exact(between) != before && Snapshot.Of(between) != end ? 1 : 0;
            expected.TryAdd(then, await UndisturbedAsync(first, then));
            Assert.Equal(expected[then], end);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} killed, {partly} left half done");
        Assert.True(partly > 0 || !noTransaction, "nothing was left half done");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_processes_at_once_leave_what_one_leaves(bool noTransaction)
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true, NoTransaction = noTransaction, Latency = TimeSpan.FromMilliseconds(5) }, Cancellation);
        var (first, then) = (Case.PathOf("latent-by-manifestations"), Written(Case.Latent.WithSerum(0.60m)));
        var expected = await UndisturbedAsync(first, then);
        for (var round = 0; round < (Long ? 20 : 2); round++)
        {
            await server.ResetAsync(Cancellation);
            await Task.WhenAll(FinishAsync(server, first), FinishAsync(server, first));
            await Task.WhenAll(FinishAsync(server, then), FinishAsync(server, then));
            Assert.Equal(expected, Snapshot.Of(await server.DumpAsync(Cancellation)));
        }
    }

    private static async Task<string> UndisturbedAsync(string? first, string then)
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true }, Cancellation);
        await FinishAsync(server, first);
        await FinishAsync(server, then);
        return Snapshot.Of(await server.DumpAsync(Cancellation));
    }

    private static string Written(Case data)
    {
        var path = Path.Combine(Path.GetTempPath(), $"fhirmg-{Guid.CreateVersion7():N}.json");
        File.WriteAllText(path, data.Bundle.ToJsonString());
        return path;
    }

    private static Process Start(RealServer server, string path) => Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "FhirMg.WriteTool"),
        [server.BaseUrl.AbsoluteUri, path, Case.AsOf.ToString("O")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    // Counted from where it begins to write, so that the start of the process is not what is killed.
    private static async Task<bool> KillAsync(RealServer server, string path, TimeSpan after)
    {
        using var process = Start(server, path);
        await process.StandardOutput.ReadLineAsync(Cancellation);
        await Task.Delay(after, Cancellation);
        var running = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
        return running;
    }

    /// <returns>How long the last run took.</returns>
    private static async Task<TimeSpan> FinishAsync(RealServer server, string? path)
    {
        for (var runs = 0; path is not null; runs++)
        {
            Assert.True(runs < 20, $"{path}: not done after {runs} runs");
            using var process = Start(server, path);
            var errors = process.StandardError.ReadToEndAsync(Cancellation);
            await process.StandardOutput.ReadLineAsync(Cancellation);
            var watch = Stopwatch.StartNew();
            var said = await process.StandardOutput.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation);
            Assert.True(process.ExitCode is 0 or 1, said + await errors);
            if (process.ExitCode == 0)
            {
                return watch.Elapsed;
            }
        }

        return default;
    }
}
