using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace FhirMg.Cli.Tests.Sandbox;

/// <summary><c>fhirmg sandbox</c>, as somebody types it.</summary>
public sealed partial class SandboxTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task It_says_where_to_look_serves_and_ends_by_ctrl_c()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var workspace = new Workspace();
        var key = workspace.Path("key.json");
        using var process = Fhirmg.Start(["sandbox", "--port", "0", "--require-token", "--client-key", key, "--vendor", "read-only", "--app", "http://127.0.0.1:5080"]);
        var said = await ReadUntilAsync(process, "Ctrl-C");
        var address = Base().Match(said).Groups[1].Value;
        Assert.Contains("asks for a token", said);
        Assert.Contains("keys at http://127.0.0.1:5080/.well-known/jwks.json", said);
        Assert.True(File.Exists(key));
        using var http = new HttpClient();
        using var refused = await http.GetAsync(new Uri($"{address}/Patient"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("profile read-only", await http.GetStringAsync(new Uri($"{address}/metadata"), TestContext.Current.CancellationToken));

        // The command that it says to try.
        var attempt = Try().Match(said).Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var run = Fhirmg.Run([.. attempt, "--as-of", Fhirmg.AsOf, "--format", "json"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("\"reports\"", run.Output);

        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Contains(process.ExitCode, (int[])[0, 130]);
        Assert.DoesNotContain("   at ", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_port_that_is_taken_is_said_with_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var run = Fhirmg.Run("sandbox", "--port", $"{port}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"port {port}", run.Errors);
        Assert.Contains("0 for a free one", run.Errors);
    }

    [Fact]
    public void Samples_that_cannot_be_read_are_said()
    {
        using var workspace = new Workspace();
        var run = Fhirmg.Run("sandbox", "--port", "0", "--samples", workspace.Path("nowhere"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nowhere", run.Errors);
        Assert.DoesNotContain("unexpected", run.Errors);
    }

    [Theory]
    [InlineData("--port: '66000'", "--port", "66000")]
    [InlineData("--port: 'x'", "--port", "x")]
    [InlineData("--app: 'not-a-url'", "--app", "not-a-url")]
    [InlineData("'nobody' not recognized", "--vendor", "nobody")]
    public void Wrong_usage_is_2_and_says_what_is_wrong(string said, string option, string value)
    {
        var run = Fhirmg.Run("sandbox", option, value);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors);
    }

    private static async Task<string> ReadUntilAsync(Process process, string end)
    {
        var said = "";
        while (!said.Contains(end, StringComparison.Ordinal))
        {
            var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.True(line is not null, "it ended: " + said);
            said += line + "\n";
        }

        return said;
    }

    [GeneratedRegex(@"^FHIR R4 +(\S+)", RegexOptions.Multiline)]
    private static partial Regex Base();

    [GeneratedRegex(@"^Try +fhirmg (.*)$", RegexOptions.Multiline)]
    private static partial Regex Try();
}
