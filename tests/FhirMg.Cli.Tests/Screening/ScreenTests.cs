using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace FhirMg.Cli.Tests.Screening;

/// <summary><c>fhirmg screen</c> as a person runs it.</summary>
public sealed class ScreenTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p1","birthDate":"1980-05-05"}""";

    [Fact]
    public void A_population_is_screened_into_a_directory()
    {
        using var workspace = new Workspace();
        workspace.Write("in/Patient.ndjson", Patient + "\n");
        workspace.Write("in/deep/Observation.ndjson", Serum(1) + "\n");
        var run = Fhirmg.Run("screen", workspace.Path("in"), "--out", workspace.Path("out"), "--as-of", Fhirmg.AsOf);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("1 patients evaluated, of 2 resources in 2 files; 2 bear on a rule", run.Output, StringComparison.Ordinal);
        var report = Assert.Single(File.ReadAllLines(workspace.Path("out/reports.ndjson")));
        Assert.StartsWith("""{"patient":"Patient/p1","asOf":"2026-11-23T00:00:00Z",""", report, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(workspace.Path("out/proposals.ndjson")));
        Assert.All((string[])["worklist.csv", "worklist.parquet", "summary.json", "summary.html", "measure-report.json"], name => Assert.True(File.Exists(workspace.Path($"out/{name}")), name));
        Assert.False(Directory.Exists(workspace.Path("out/.screening")));
    }

    [Fact]
    public void Standard_input_is_screened()
    {
        using var workspace = new Workspace();
        var run = Fhirmg.Run(["screen", "-", "--out", workspace.Path("out")], $"{Patient}\n{Serum(1)}\nhello\n");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("standard input, line 3: it is no JSON object", run.Errors, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(workspace.Path("out/reports.ndjson")));
    }

    [Theory]
    [InlineData("fhirmg screen [<FILE|DIR|->...] [options]", "screen")]
    [InlineData("no number from 1", "screen", "x", "--threads", "0")]
    [InlineData("no size of at least", "screen", "x", "--max-memory", "12")]
    [InlineData("no number from 0 to 1024", "screen", "x", "--suppress-below", "-1")]
    [InlineData("neither a FHIR date", "screen", "x", "--as-of", "yesterday")]
    public void Wrong_usage_is_said(string words, params string[] arguments)
    {
        var run = Fhirmg.Run(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_is_not_there_is_said()
    {
        using var workspace = new Workspace();
        var run = Fhirmg.Run("screen", workspace.Path("nowhere"), "--out", workspace.Path("out"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{workspace.Path("nowhere")}: there is no such file or directory", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("160m", false)]
    [InlineData("159m", true)]
    public void Less_memory_than_a_run_takes_is_said(string memory, bool isSaid)
    {
        using var workspace = new Workspace();
        var run = Fhirmg.Run(["screen", "-", "--out", workspace.Path("out"), "--threads", "2", "--max-memory", memory], $"{Patient}\n{Serum(1)}\n");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(isSaid, run.Errors.Contains("takes some 160m whatever goes to disk", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-KILL")]
    [InlineData("-INT")]
    public async Task A_run_that_was_stopped_goes_on_and_counts_nothing_twice(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent by kill");
        using var workspace = new Workspace();
        await WriteAsync(workspace.Path("in.ndjson"));
        var whole = Fhirmg.Run("screen", workspace.Path("in.ndjson"), "--out", workspace.Path("whole"), "--as-of", Fhirmg.AsOf);

        // So little memory that what is read goes to disk again and again, and so much to read that it is stopped long before its end.
        string[] arguments = ["screen", workspace.Path("in.ndjson"), "--out", workspace.Path("out"), "--as-of", Fhirmg.AsOf, "--max-memory", "100m", "--threads", "1"];
        using (var process = Fhirmg.Start(arguments))
        {
            process.StandardInput.Close();
            while (!File.Exists(workspace.Path("out/.screening/state.json")))
            {
                Assert.False(process.HasExited, "it was done before it could be stopped");
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(signal == "-INT" ? 130 : 137, process.ExitCode);
            Assert.Equal(signal == "-INT", (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Contains("--resume", StringComparison.Ordinal));
            Assert.False(File.Exists(workspace.Path("out/reports.ndjson")));
        }

        var resumed = Fhirmg.Run([.. arguments, "--resume"]);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(whole.Output.Split('\n')[..2], resumed.Output.Split('\n')[..2]);
        Assert.Equal(await File.ReadAllBytesAsync(workspace.Path("whole/reports.ndjson"), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(workspace.Path("out/reports.ndjson"), TestContext.Current.CancellationToken));
    }

    private static async Task WriteAsync(string path)
    {
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(false));
        for (var patient = 0; patient < 12_000; patient++)
        {
            await file.WriteLineAsync(Patient.Replace("p1", $"p{patient}", StringComparison.Ordinal));
            for (var i = 0; i < 60; i++)
            {
                await file.WriteLineAsync(Serum((patient * 1000) + i).Replace("Patient/p1", $"Patient/p{patient}", StringComparison.Ordinal));
            }
        }
    }

    private static string Serum(int number) => $$$"""
        {"resourceType":"Observation","id":"o{{{number}}}-as-long-as-ids-of-some-laboratories-are-in-practice","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2601-3"}]},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-{{{1 + (number % 11):00}}}-02","valueQuantity":{"value":0.{{{60 + (number % 5)}}},"unit":"mmol/L"}}
        """;
}
