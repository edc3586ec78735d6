using System.Diagnostics;

namespace FhirMg.Cli.Tests;

/// <summary>Ctrl-C.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task Ctrl_C_ends_it_with_130_and_without_a_word()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var process = Fhirmg.Start(["evaluate", "-"]);

        // More than a pipe holds: once it is written, the program is reading, and heeds signals.
        await process.StandardInput.WriteAsync($"{{\"resourceType\":{new string(' ', 1 << 20)}");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal((130, "", ""), (process.ExitCode, await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)));
    }
}
