using System.Diagnostics;
using System.Globalization;

namespace FhirMg.Benchmarks.Screening;

/// <summary>A screening by the published program, as a hospital runs it: worklist, study and all.</summary>
internal static class CliRun
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs it to its end on two threads.</summary>
    /// <param name="cli">The program, published for this machine.</param>
    /// <param name="input">The population.</param>
    /// <param name="output">Where its results go.</param>
    /// <param name="more">Further arguments.</param>
    /// <returns>The most memory that it held, in bytes, and how long it took.</returns>
    public static async Task<(long Peak, double Seconds)> RunAsync(string cli, string input, string output, params string[] more)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(cli, ["screen", input, "--out", output, "--as-of", "2026-01-15T00:00:00Z", "--threads", "2", .. more]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (errors, said) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        var peak = 0L;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, Peak(process.Id));
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(Often));
        }

        await said;
        return process.ExitCode == 0 ? (peak, watch.Elapsed.TotalSeconds) : throw new InvalidOperationException($"{cli} ended with {process.ExitCode}: {await errors}");
    }

    private static long Peak(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            // It has ended between two looks.
            return 0;
        }
    }
}
