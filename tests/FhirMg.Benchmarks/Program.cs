using FhirMg.Benchmarks;
using FhirMg.Benchmarks.Screening;

// dotnet run -c Release --project tests/FhirMg.Benchmarks -- [--data DIR] [--cli PATH] [--only TEXT]
// … or: --screening [--gigabytes N] [--pairs N] [--work DIR]
if (args is ["--screening", ..])
{
    return await ScreeningBenchmark.RunAsync(args);
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

Row[] rows = [.. EvaluationBenchmark.Run(), .. ReadingBenchmark.Run(options), .. ColdStartBenchmark.Run(options), .. await PullBenchmark.RunAsync()];
Console.WriteLine("| what | figure | target | verdict |");
Console.WriteLine("| --- | ---: | ---: | --- |");
foreach (var row in rows)
{
    Console.WriteLine($"| {row.What} | {row.Figure} | {row.Target} | {row.Verdict} |");
}

return rows.All(row => row.Verdict != Row.Missed) ? 0 : 1;
