using System.Globalization;

namespace FhirMg.Benchmarks.Hooks;

/// <summary>What the command line asks of <c>--hooks</c>.</summary>
/// <param name="Runs">Runs of each, in turn.</param>
/// <param name="Seconds">Seconds of a run of <c>wrk</c>.</param>
/// <param name="WarmUp">Seconds of load before the first run: on a busy machine the last tier of compilation comes late.</param>
/// <param name="Calls">Calls of a run with tokens.</param>
/// <param name="Chart">The sample that the body is made of.</param>
/// <param name="Service">The service's assembly.</param>
/// <param name="IsLong">Whether memory is watched for twelve minutes, in place of the rest.</param>
internal sealed record HookOptions(int Runs, int Seconds, int WarmUp, int Calls, string Chart, string Service, bool IsLong)
{
    public static HookOptions Parse(string[] args) => new(
        Number(args, "--runs", 3), Number(args, "--seconds", 6), Number(args, "--warm-up", 30), Number(args, "--calls", 4000),
        Text(args, "--chart") ?? "chart-outpatient-anxiety-and-proton-pump-inhibitor",
        Text(args, "--service") ?? Path.Combine(AppContext.BaseDirectory, "fhirmg-service.dll"), args.Contains("--long", StringComparer.Ordinal));

    private static string? Text(string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

    private static int Number(string[] args, string name, int otherwise) => Text(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
