using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli;

/// <summary>Says which program and which knowledge this is.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public static string Version { get; } =
        typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Console.Out.WriteLine($"fhirmg {Version}");
        Console.Out.WriteLine($"knowledge {Knowledge.BuiltIn.Canonical}");
        return ExitCode.Done;
    }
}
