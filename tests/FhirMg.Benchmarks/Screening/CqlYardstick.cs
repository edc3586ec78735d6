using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace FhirMg.Benchmarks.Screening;

/// <summary>
/// cql-execution on patients that are parsed already (<c>tests/cql</c>), evaluating serum magnesium's status and migraine, against us evaluating all rules on patients that are read already, each on
/// one thread; its answers are compared with our reports of the same patients first, and a difference is an error.
/// </summary>
internal static class CqlYardstick
{
    private const string What = "extraction and all rules on read patients, 1 thread, against one rule by cql-execution on parsed ones";
    private const double Target = 500;

    /// <summary>Compares patients per second.</summary>
    /// <param name="few">The first patients of the population.</param>
    /// <param name="reports">Our reports of these.</param>
    /// <param name="asOf">The time that both evaluate at.</param>
    /// <param name="evaluatedPerSecond">How many patients a second we evaluate that are read already.</param>
    /// <param name="screenedPerSecond">How many patients a second we screen, on two threads, from bytes to written reports.</param>
    public static async Task<IReadOnlyList<Row>> CompareAsync(string few, string reports, DateTimeOffset asOf, double evaluatedPerSecond, double screenedPerSecond)
    {
        if (Folder() is not { } folder)
        {
            return Skipped("run npm ci in tests/cql");
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "yardstick.mjs"), few, reports, asOf.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
            })!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException("cql-execution did not give our answers, or failed: see above");
            }

            using var result = JsonDocument.Parse(output);
            var theirs = result.RootElement.GetProperty("perSecond").GetDouble();
            var quotient = evaluatedPerSecond / theirs;
            return
            [
                Row.Of(
                    string.Create(CultureInfo.InvariantCulture, $"{What}, {result.RootElement.GetProperty("compared").GetInt32():N0} patients' answers the same"),
                    string.Create(CultureInfo.InvariantCulture, $"{quotient:N0} times as fast ({evaluatedPerSecond:N0} and {theirs:N0} patients/s)"),
                    string.Create(CultureInfo.InvariantCulture, $"≥ {Target:0}"), quotient >= Target),
                new("the same against a whole screening from bytes to written reports, 2 threads",
                    string.Create(CultureInfo.InvariantCulture, $"{screenedPerSecond / theirs:N0} times as fast ({screenedPerSecond:N0} patients/s)"), "–", "–"),
            ];
        }
        catch (Win32Exception)
        {
            return Skipped("Node.js was not found");
        }
    }

    private static Row[] Skipped(string reason) => [new(What, "–", string.Create(CultureInfo.InvariantCulture, $"≥ {Target:0}"), $"skipped: {reason}")];

    // The folder of the driver, when its packages are installed.
    private static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var driver = Path.Combine(folder.FullName, "tests", "cql");
            if (Directory.Exists(driver))
            {
                return Directory.Exists(Path.Combine(driver, "node_modules")) ? driver : null;
            }
        }

        return null;
    }
}
