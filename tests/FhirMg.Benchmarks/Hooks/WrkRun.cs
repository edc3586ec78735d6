using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FhirMg.Benchmarks.Hooks;

/// <summary>Load by <c>wrk</c>: as many calls as 32 connections make.</summary>
internal static partial class WrkRun
{
    /// <summary>Writes the script that makes <c>wrk</c> post a body.</summary>
    public static string Script(string folder, byte[] body)
    {
        var (script, text) = (Path.Combine(folder, "post.lua"), Path.Combine(folder, "body.json"));
        File.WriteAllBytes(text, body);
        File.WriteAllText(script, $"""
            local file = io.open("{text}", "rb")
            wrk.method = "POST"
            wrk.body = file:read("*a")
            wrk.headers["Content-Type"] = "application/json"
            file:close()
            """);
        return script;
    }

    public static async Task<Load> RunAsync(ServedProcess server, string script, int seconds)
    {
        var before = server.ProcessorTime;
        var start = new ProcessStartInfo("wrk", ["-t2", "-c32", $"-d{seconds}s", "-s", script, $"http://127.0.0.1:{server.Port}{server.Path}"]) { RedirectStandardOutput = true };
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var requests = Number(Requests().Match(output));
        return output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal) || requests == 0
            ? throw new InvalidOperationException($"{server.Name} did not answer every call:\n{output}")
            : new(Number(Rate().Match(output)), (server.ProcessorTime - before).TotalMicroseconds / requests, 0);
    }

    private static double Number(Match match) => match.Success ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();
}

/// <summary>What one run measured.</summary>
/// <param name="PerSecond">Calls answered a second.</param>
/// <param name="ProcessorMicroseconds">Processor time of the server per call, user and system, in microseconds.</param>
/// <param name="P99">99 of 100 calls took at most so many milliseconds; 0 where that was not measured.</param>
internal sealed record Load(double PerSecond, double ProcessorMicroseconds, double P99);
