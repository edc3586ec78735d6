using System.Diagnostics;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>Runs an explicit test in a process of its own: a stack that overflows takes its whole process with it.</summary>
internal static class ChildProcess
{
    public static void Pass(Type test, string method, TimeSpan within)
    {
        using var child = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "FhirMg.Reasoning.Tests"),
            ["-method", $"{test.FullName}.{method}", "-explicit", "only", "-noColor"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = Task.WhenAll(child.StandardOutput.ReadToEndAsync(), child.StandardError.ReadToEndAsync());
        if (!child.WaitForExit(within))
        {
            child.Kill(entireProcessTree: true);
            Assert.Fail($"{method} did not end within {within}");
        }

        var said = string.Join('\n', output.GetAwaiter().GetResult());
        Assert.True(child.ExitCode == 0, $"{method} ended with {child.ExitCode}: {said[..Math.Min(2000, said.Length)]}");
        Assert.Contains("Total: 1,", said, StringComparison.Ordinal);
    }
}
