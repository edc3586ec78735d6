using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using FhirMg.Cli.Evaluating;
using FhirMg.Cli.Knowing;
using FhirMg.Cli.Sandbox;
using FhirMg.Cli.Loading;
using FhirMg.Cli.Screening;
using FhirMg.Cli.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli;

/// <summary>The command line as a whole: its commands, and what becomes of their exceptions.</summary>
internal static class Application
{
    // How long a command may take to stop after Ctrl-C, for example while it waits for standard input.
    private static readonly TimeSpan StopWithin = TimeSpan.FromMilliseconds(300);

    // Writing that has begun is brought to its end, so that it can be said what was written.
    private static readonly TimeSpan StopWritingWithin = TimeSpan.FromSeconds(11);

    // What a screening has read is brought to disk, so that the next run goes on there.
    private static readonly TimeSpan StopScreeningWithin = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            // Names of files may begin with "@"; nothing is read from them as arguments.
            var parsed = Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction refusal)
            {
                return Refuse(parsed, refusal);
            }

            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTime(parsed) });
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Cancelled;
        }
        catch (UsageException e)
        {
            Diagnostics.Say(e.Message);
            return ExitCode.Usage;
        }
        catch (KnowledgeException e)
        {
            Diagnostics.Say($"the knowledge cannot be used: {e.Message}");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is OutputException or InputException)
        {
            Diagnostics.Say(e.Message);
            return ExitCode.Failed;
        }
#pragma warning disable CA1031 // Whatever goes wrong, a person reads one line and not a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Diagnostics.Say($"unexpected {e.GetType().Name} in {e.TargetSite?.DeclaringType?.Name}.{e.TargetSite?.Name}: {e.Message.ReplaceLineEndings(" ")} "
                + $"This is a fault of fhirmg {VersionAction.Version}: report this line and, if it holds no patient's data, the input");
            return ExitCode.Failed;
        }
    }

    private static TimeSpan StopTime(ParseResult parsed) =>
        parsed.CommandResult.Command.Name == ScreenCommand.Name ? StopScreeningWithin : Writes(parsed) ? StopWritingWithin : StopWithin;

    private static bool Writes(ParseResult parsed) =>
        parsed.Tokens.Any(token => token is { Type: TokenType.Option, Value: ServerOptions.WriteName });

    private static RootCommand Root()
    {
        var root = new RootCommand("Evaluates FHIR R4 data of patients for magnesium deficiency in migraine: status, risk, proposals and safety, with the rule and source of each.")
        {
            EvaluateCommand.Create(),
            ScreenCommand.Create(),
            KnowledgeCommand.Create(),
            SandboxCommand.Create(),
            LoadCommand.Create(),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        return root;
    }

    private static int Refuse(ParseResult parsed, ParseErrorAction refusal)
    {
        refusal.ShowHelp = false;
        parsed.Invoke(new() { Output = Console.Error, Error = Console.Error });
        var command = parsed.CommandResult.Command is RootCommand ? "fhirmg" : $"fhirmg {parsed.CommandResult.Command.Name}";
        Console.Error.WriteLine($"Run '{command} --help' for usage.");
        return ExitCode.Usage;
    }
}
