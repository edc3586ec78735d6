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
        await process.StandardInput.WriteAsync("{\"resourceType\":");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

        // It has to have started before a signal can reach it.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, TestContext.Current.CancellationToken);
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal((130, "", ""), (process.ExitCode, await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)));
    }
}
