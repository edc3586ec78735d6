using System.Diagnostics;
using FhirMg.Reasoning.Tests;

namespace FhirMg.Benchmarks;

/// <summary>The published program from start to report, as somebody at a terminal waits for it.</summary>
internal static class ColdStartBenchmark
{
    private const double Target = 1.0;
    private const string What = "cold start: evaluate one sample";

    public static IEnumerable<Row> Run(BenchmarkOptions options)
    {
        if (options.Cli is null)
        {
            return [new(What, "–", $"≤ {Target:0.0} s", "not measured: give a published program by --cli PATH")];
        }

        var sample = Repository.Path("fhir-samples", "adult-mild-with-migraine", "bundle.json");
        var median = Stopper.Median([.. Enumerable.Range(0, Stopper.Runs).Select(_ => Time(options.Cli, sample))]);
        return [Row.Of(What, $"{median:0.00} s", $"≤ {Target:0.0} s", median <= Target)];
    }

    private static double Time(string program, string sample)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, ["evaluate", sample, "--format", "json", "--as-of", "2026-11-23"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {error.GetAwaiter().GetResult()}");
    }
}
