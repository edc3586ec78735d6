using System.Diagnostics;
using System.Globalization;
using FhirMg.Benchmarks.Generating;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Screening;

namespace FhirMg.Benchmarks.Screening;

/// <summary>
/// Screening a generated population, in turn with the yardsticks: a bare scan for tokens, DuckDB doing the same group-by, and cql-execution evaluating the same rule. <c>--screening [--gigabytes N] [--pairs N] [--work DIR] [--only TEXT] [--cli PATH]</c>; for a profiler: <c>--once FILE [--threads N] [--repeat N]</c>
/// </summary>
internal static class ScreeningBenchmark
{
    private const int WarmUps = 3;
    private static readonly DateTimeOffset AsOf = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(string[] args)
    {
        var gigabytes = Number(args, "--gigabytes", 1.0);
        var pairs = (int)Number(args, "--pairs", 9);
        var work = Directory.CreateDirectory(Text(args, "--work") ?? Path.Combine(Path.GetTempPath(), "fhirmg-screening-benchmark")).FullName;
        if (Text(args, "--once") is { } once)
        {
            for (var more = Number(args, "--repeat", 1); more > 0; more--)
            {
                var (before, used, watch) = (GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
                var outcome = await ScreenAsync(once, work, (int)Number(args, "--threads", 1));
                var allocated = (GC.GetTotalAllocatedBytes() - before) / (double)outcome.Relevant;
                await Console.Error.WriteLineAsync(
                    $"{outcome.Resources:N0} resources in {watch.ElapsedMilliseconds:N0} ms, {(Environment.CpuUsage.TotalTime - used).TotalMilliseconds:N0} ms of processor, {allocated:N0} bytes allocated for each that counts");
            }

            return 0;
        }

        var rows = new List<Row>();
        var mixed = Prepare(work, "population.ndjson", gigabytes, allRelevant: false);
        var relevant = Prepare(work, "relevant.ndjson", gigabytes / 4, allRelevant: true);
        var only = Text(args, "--only") ?? "";
        foreach (var (what, input, threads, target, study) in (IEnumerable<(string, Input, int, double, bool)>)[
            ("screening, 1 in 8 relevant, 1 thread", mixed, 1, 1.0, false), ("screening, 1 in 8 relevant, 2 threads", mixed, 2, 1.7, false), ("screening, all relevant, 1 thread", relevant, 1, 0.5, false),
            ("screening, all relevant, 2 threads", relevant, 2, 0.5, false),
            ("screening with worklist and study, 1 in 8 relevant, 1 thread", mixed, 1, 1.0, true), ("screening with worklist and study, all relevant, 1 thread", relevant, 1, 0.5, true)])
        {
            if (what.Contains(only, StringComparison.Ordinal))
            {
                rows.Add(await CompareAsync(what, input, work, threads, target, pairs, study));
            }
        }

        if ("DuckDB".Contains(only, StringComparison.Ordinal))
        {
            foreach (var threads in (int[])[1, 2])
            {
                rows.Add(await DuckDbYardstick.CompareAsync(mixed.Path, work, () => ScreenAsync(mixed.Path, work, threads), threads, pairs));
            }
        }

        if ("cql".Contains(only, StringComparison.Ordinal))
        {
            rows.AddRange(await CompareWithCqlAsync(relevant, work, pairs));
        }

        if ("memory".Contains(only, StringComparison.Ordinal))
        {
            foreach (var input in (Input[])[mixed, relevant])
            {
                rows.Add(await MemoryAsync(input, work, Text(args, "--cli")));
            }
        }

        Console.WriteLine("| what | figure | target | verdict |");
        Console.WriteLine("| --- | ---: | ---: | --- |");
        rows.ForEach(row => Console.WriteLine($"| {row.What} | {row.Figure} | {row.Target} | {row.Verdict} |"));
        return rows.TrueForAll(row => row.Verdict != Row.Missed) ? 0 : 1;
    }

    private static Input Prepare(string work, string name, double gigabytes, bool allRelevant)
    {
        var path = Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"{gigabytes:0.###}gb-{name}"));
        var (resources, relevant, patients) = new PopulationGenerator(1, allRelevant).Write(path, (long)(gigabytes * 1e9));
        Console.Error.WriteLine($"{path}: {new FileInfo(path).Length / 1e6:N0} MB, {resources:N0} resources, {relevant:N0} relevant, {patients:N0} patients");
        return new(path, new FileInfo(path).Length, relevant, patients);
    }

    private static async Task<Row> CompareAsync(string what, Input input, string work, int threads, double target, int pairs, bool study = false)
    {
        // Once is too little: methods are compiled for good only after they ran for a while.
        for (var i = 0; i < WarmUps; i++)
        {
            TokenScan.Run(input.Path);
            await ScreenAsync(input.Path, work, threads, study);
        }

        var (scans, runs, quotients) = (new double[pairs], new double[pairs], new double[pairs]);
        for (var i = 0; i < pairs; i++)
        {
            var watch = Stopwatch.StartNew();
            TokenScan.Run(input.Path);
            scans[i] = watch.Elapsed.TotalSeconds;
            runs[i] = await TimeAsync(work, () => ScreenAsync(input.Path, work, threads, study));
            quotients[i] = scans[i] / runs[i];
        }

        var (scan, run, quotient) = (Stopper.Median(scans), Stopper.Median(runs), Stopper.Median(quotients));
        return Row.Of(
            string.Create(CultureInfo.InvariantCulture, $"{what}, {input.Bytes / 1e6:0} MB"),
            string.Create(CultureInfo.InvariantCulture, $"{quotient:0.00} of a scan ({input.Bytes / run / 1e6:0} of {input.Bytes / scan / 1e6:0} MB/s)"),
            string.Create(CultureInfo.InvariantCulture, $"≥ {target:0.0}"), quotient >= target);
    }

    // cql-execution is given the first patients only: it would take hours for all.
    private static async Task<IReadOnlyList<Row>> CompareWithCqlAsync(Input relevant, string work, int pairs)
    {
        const double GigabytesOfPatient = 17_200e-9;
        await ScreenAsync(relevant.Path, work, threads: 2);
        var runs = new double[pairs];
        for (var i = 0; i < pairs; i++)
        {
            runs[i] = await TimeAsync(work, () => ScreenAsync(relevant.Path, work, threads: 2));
        }

        var few = Prepare(work, "few.ndjson", Math.Min(1000, relevant.Patients) * GigabytesOfPatient, allRelevant: true);
        await ScreenAsync(few.Path, work, threads: 2);
        return await CqlYardstick.CompareAsync(few.Path, Path.Combine(work, "out", "reports.ndjson"), AsOf, EvaluatedPerSecond(few.Path), relevant.Patients / Stopper.Median(runs));
    }

    // Patients that are read already, as cql-execution is given them: extraction and all rules, on one thread.
    private static double EvaluatedPerSecond(string path)
    {
        var reader = new InputReader(Knowledge.BuiltIn);
        reader.Read(File.ReadAllBytes(path), path);
        PatientRecord[] patients = [.. reader.Documents().SelectMany(document => document.Patients)];
        return patients.Length / Stopper.Seconds(() =>
        {
            foreach (var patient in patients)
            {
                GC.KeepAlive(Evaluator.Evaluate(Extractor.Extract(patient, Knowledge.BuiltIn, AsOf), Knowledge.BuiltIn));
            }
        });
    }

    /// <summary>Seconds of a run that finds neither garbage of the one before nor its results: replacing them is no part of screening.</summary>
    public static async Task<double> TimeAsync(string work, Func<Task> run)
    {
        Forget(work);
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await run();
        return watch.Elapsed.TotalSeconds;
    }

    private static void Forget(string work)
    {
        if (Path.Combine(work, "out") is var results && Directory.Exists(results))
        {
            Directory.Delete(results, recursive: true);
        }
    }

    // With the study it is all that the command line program does; without, what the yardsticks can be compared to.
    private static async Task<ScreeningOutcome> ScreenAsync(string path, string work, int threads, bool study = false)
    {
        var options = new ScreeningOptions
        {
            Inputs = [path],
            OutDirectory = Path.Combine(work, "out"),
            AsOf = AsOf,
            Knowledge = Knowledge.BuiltIn,
            Threads = threads,
        };
        return await PopulationScreening.RunAsync(options, folder => study ? ScreeningResults.Of(options, folder) : [], null, CancellationToken.None);
    }

    private static async Task<Row> MemoryAsync(Input input, string work, string? cli)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"peak memory of the published program, {input.Relevant:N0} relevant facts of {input.Patients:N0} patients, 2 threads, with worklist and study");
        var allowed = 150_000_000 + (100 * input.Relevant) + (48 * input.Patients);
        var target = string.Create(CultureInfo.InvariantCulture, $"≤ {allowed / 1e6:0} MB");
        if (cli is null)
        {
            return new(what, "–", target, "not measured: give a published program by --cli PATH");
        }

        var (peak, _) = await CliRun.RunAsync(cli, input.Path, Path.Combine(work, "out"));
        return Row.Of(what, string.Create(CultureInfo.InvariantCulture, $"{peak / 1e6:0} MB"), target, peak <= allowed);
    }

    private static string? Text(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static double Number(string[] args, string name, double otherwise) => Text(args, name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    internal sealed record Input(string Path, long Bytes, long Relevant, long Patients);
}
