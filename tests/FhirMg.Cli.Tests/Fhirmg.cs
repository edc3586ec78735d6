using System.Diagnostics;
using System.Text;

namespace FhirMg.Cli.Tests;

/// <summary>Runs the built program as a user does: arguments in; output, messages and exit code out.</summary>
internal sealed record Fhirmg(int ExitCode, string Output, string Errors)
{
    public const string AsOf = "2026-11-23T00:00:00Z";

    // Its own output: the tests' lacks what the web framework of the simulators brings along.
    private static readonly string Program = Repository.Path(
        "src", "FhirMg.Cli", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, new DirectoryInfo(AppContext.BaseDirectory).Name, "fhirmg.dll");

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Runs <c>fhirmg evaluate</c> at the time that the samples are written for.</summary>
    public static Fhirmg Evaluate(params string[] arguments) => Run(["evaluate", "--as-of", AsOf, .. arguments]);

    public static Fhirmg Run(params string[] arguments) => Run(arguments, input: "");

    public static Fhirmg Run(string[] arguments, string input, Action<IDictionary<string, string?>>? environment = null)
    {
        using var process = Start(arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task.WaitAll(output, errors);
        process.WaitForExit();
        var run = new Fhirmg(process.ExitCode, output.Result, errors.Result);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", run.Errors, StringComparison.Ordinal);
        return run;
    }

    public static Process Start(string[] arguments, Action<IDictionary<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        foreach (var argument in (string[])["exec", Program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        environment?.Invoke(start.Environment);
        return Process.Start(start)!;
    }
}
