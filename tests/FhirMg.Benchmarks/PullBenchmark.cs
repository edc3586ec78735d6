using System.Diagnostics;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Tests;
using FhirMg.Simulators;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Benchmarks;

/// <summary>Pulling patients from a server on this machine that answers everything after 20 ms.</summary>
internal static class PullBenchmark
{
    private const string Patient = "p-4471";
    private const int Patients = 1000;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);
    private static readonly DateTimeOffset AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var chart = JsonNode.Parse(await File.ReadAllBytesAsync(Repository.Path("fhir-samples", "chart-russian-inpatient-attack-with-aura", "bundle.json")))!["entry"]!
            .AsArray().Select(entry => entry!["resource"]!.DeepClone().AsObject()).ToList();
        await using var server = await LeanServer.StartAsync(Patient, chart, new() { Latency = Latency });
        var options = new FhirServerOptions { Name = "bench", BaseUrl = server.BaseUrl, Deadline = TimeSpan.FromMinutes(5) };
        await using var services = new ServiceCollection().AddFhirServers(options).BuildServiceProvider();
        var pull = new PatientPull(services.GetRequiredService<FhirServers>()["bench"], Knowledge.BuiltIn);
        return [await OneAsync(pull), .. await ManyAsync(pull, server, options)];
    }

    private static async Task<Row> OneAsync(PatientPull pull)
    {
        var times = new List<double>();
        for (var i = 0; i < 60; i++)
        {
            var clock = Stopwatch.StartNew();
            await pull.ReadAsync($"one-{i}", AsOf, CancellationToken.None);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        times = [.. times.Skip(10).Order()];
        var median = times[times.Count / 2];
        var target = (2 * Latency.TotalMilliseconds) + 15;
        return Row.Of($"one patient's pull at {Latency.TotalMilliseconds:0} ms latency, median of {times.Count}", $"{median:0.0} ms", $"≤ {target:0} ms", median <= target);
    }

    private static async Task<IReadOnlyList<Row>> ManyAsync(PatientPull pull, LeanServer server, FhirServerOptions options)
    {
        var before = server.Requests;
        var memory = new List<long>();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, Patients), new ParallelOptions { MaxDegreeOfParallelism = options.MaxConcurrency }, async (i, stopped) =>
        {
            await pull.ReadAsync($"many-{i}", AsOf, stopped);
            if (i % (Patients / 10) == 0)
            {
                lock (memory)
                {
                    memory.Add(GC.GetTotalMemory(forceFullCollection: true));
                }
            }
        });
        var rate = (server.Requests - before) / clock.Elapsed.TotalSeconds;
        var ideal = options.MaxConcurrency / Latency.TotalSeconds;
        var growth = (memory[^1] - memory[1]) / 1024.0 / 1024.0;
        return
        [
            Row.Of($"{Patients} patients, share of the ideal rate ({options.MaxConcurrency} ÷ {Latency.TotalMilliseconds:0} ms = {ideal:0}/s)", $"{rate / ideal:0.00}", "≥ 0.85", rate >= ideal * 0.85),
            Row.Of("memory from the 100th to the last of them", $"{growth:+0.0;-0.0} MB", "flat (≤ 8 MB)", growth <= 8),
        ];
    }
}
