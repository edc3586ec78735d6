using System.Text;

namespace FhirMg.Cli.Tests;

/// <summary>What it takes to start.</summary>
public sealed class StartTests
{
    private const string LoadedAssemblies = "Microsoft-Windows-DotNETRuntime:0x8:4";

    [Fact]
    public void Evaluating_a_file_loads_nothing_that_speaks_to_servers()
    {
        using var workspace = new Workspace();
        var trace = workspace.Path("trace");
        var run = Fhirmg.Run(["evaluate", Repository.Sample("adult-mild-with-migraine")], "", environment =>
        {
            environment["DOTNET_EnableEventPipe"] = "1";
            environment["DOTNET_EventPipeConfig"] = LoadedAssemblies;
            environment["DOTNET_EventPipeOutputPath"] = trace;
        });
        Assert.Equal(0, run.ExitCode);
        var loaded = File.ReadAllBytes(trace);
        Assert.True(Has(loaded, "FhirMg.Reasoning"));
        Assert.All((string[])["FhirMg.Fhir", "Microsoft.Extensions", "Polly", "System.Net.Http,"], name => Assert.False(Has(loaded, name), name));
    }

    private static bool Has(byte[] trace, string assembly) => trace.AsSpan().IndexOf(Encoding.Unicode.GetBytes(assembly)) >= 0;
}
