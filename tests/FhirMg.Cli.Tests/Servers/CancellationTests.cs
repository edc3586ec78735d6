using System.Diagnostics;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Servers;

/// <summary>Ctrl-C while a server is being read or written to.</summary>
public sealed class CancellationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_reading_it_ends_at_once_without_a_word()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Ward(3)).Inject(Faults.Hang());
        using var process = Start(server, "-p", "a0", "-p", "a1");
        await UntilAsync(() => server.Requests.Any(request => request.Type == "Observation"));
        Assert.Equal((130, "", ""), await InterruptAsync(process));
    }

    [Fact]
    public async Task While_writing_it_ends_when_what_was_begun_is_written_and_says_what()
    {
        // One patient after the other; the second one's transaction takes its time.
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Ward(3))
            .Inject(Faults.Latency(TimeSpan.FromSeconds(6)).When(request => request.Method == "POST" && request.Body.Contains("Patient/a1", StringComparison.Ordinal)));
        using var process = Start(server, "-p", "a0", "-p", "a1", "-p", "a2", "--max-concurrency", "4", "--write");
        await UntilAsync(() => server.Requests.Any(request => request.Method == "POST" && request.Body.Contains("Patient/a1", StringComparison.Ordinal)));
        var (code, output, errors) = await InterruptAsync(process);
        Assert.Equal((130, ""), (code, output));
        Assert.Matches(@"(?s)^fhirmg: Patient/a0: created RiskAssessment/.*\nfhirmg: Patient/a1: created RiskAssessment/.*\nfhirmg: nothing was written about 1 of 3 patients\n$", errors);
        Assert.DoesNotContain(server.Resources, resource => resource["subject"]?["reference"]?.ToString() == "Patient/a2" && resource["resourceType"]!.ToString() == "RiskAssessment");
    }

    private static Process Start(Simulator server, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        var process = Fhirmg.Start(["evaluate", "--server", server.BaseUrl.AbsoluteUri, "--as-of", Fhirmg.AsOf, .. arguments]);
        process.StandardInput.Close();
        return process;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 600, "the program does not come so far");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    private static async Task<(int Code, string Output, string Errors)> InterruptAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        return (process.ExitCode, await process.StandardOutput.ReadToEndAsync(Cancellation), await process.StandardError.ReadToEndAsync(Cancellation));
    }
}
