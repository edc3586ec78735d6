using System.Globalization;
using FhirMg.Benchmarks;
using FhirMg.Benchmarks.Hooks;
using FhirMg.Benchmarks.Launch;
using FhirMg.Benchmarks.Screening;

// dotnet run -c Release --project tests/FhirMg.Benchmarks -- [--data DIR] [--cli PATH] [--only TEXT]
// … or: --screening [--gigabytes N] [--pairs N] [--work DIR] [--only TEXT] [--cli PATH]
// … or: --spill --cli PATH [--patients N] [--max-memory BYTES] [--work DIR]
// … or: --hooks [--runs N] [--seconds N] [--calls N] [--service PATH] [--long]
// … or: --launch
// … or: --hook-phases [--chart NAME]
if (args is ["--screening", ..])
{
    return await ScreeningBenchmark.RunAsync(args);
}

if (args is ["--spill", ..])
{
    return await SpillBenchmark.RunAsync(args);
}

if (args is ["--hooks", ..])
{
    return await HookBenchmark.RunAsync(args);
}

if (args is ["--hook-phases", ..])
{
    await HookPhases.RunAsync(args);
    return 0;
}

if (args is ["--launch"])
{
    return await LaunchBenchmark.RunAsync();
}

if (args is ["--bare-endpoint", var port, var jwks, var audience])
{
    await BareEndpoint.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), jwks, audience);
    return 0;
}

var options = BenchmarkOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync("usage: [--data DIR]… [--cli PATH] [--only TEXT] [--profile SECONDS]");
    return 2;
}

if (options.ProfileSeconds is { } seconds)
{
    ReadingBenchmark.Repeat(options, TimeSpan.FromSeconds(seconds));
    return 0;
}

Row[] rows = [.. EvaluationBenchmark.Run(), .. ReadingBenchmark.Run(options), .. ReadingBenchmark.Tokens(), .. ColdStartBenchmark.Run(options), .. await PullBenchmark.RunAsync()];
Console.WriteLine("| what | figure | target | verdict |");
Console.WriteLine("| --- | ---: | ---: | --- |");
foreach (var row in rows)
{
    Console.WriteLine($"| {row.What} | {row.Figure} | {row.Target} | {row.Verdict} |");
}

return rows.All(row => row.Verdict != Row.Missed) ? 0 : 1;
