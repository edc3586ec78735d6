using System.CommandLine;
using FhirMg.Cli.Servers;
using FhirMg.Sandbox;
using FhirMg.Sandbox.Loading;

namespace FhirMg.Cli.Loading;

/// <summary><c>fhirmg load</c>: puts the samples, or bundles of a folder, into a FHIR server, to try things there.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var server = new Option<string>("--server") { Description = "Base of the FHIR R4 server to load into; a test server, never one with real patients.", HelpName = "URL", Required = true };
        var wait = new Option<int>("--wait") { Description = "Seconds to wait for the server to come up.", HelpName = "SECONDS" };
        var folder = new Argument<string?>("DIR") { Description = "Folder of bundles, searched with its sub-folders; without it the samples that come with the program.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("load", "Loads sample patients into a FHIR test server, each case under ids of its own.") { folder, server, wait };
        command.SetAction(async (parsed, cancellation) =>
        {
            var url = ServerAddress.Parse(parsed.GetValue(server)!);
            var (cases, passedOver) = Read(parsed.GetValue(folder));
            using var http = new HttpClient { BaseAddress = new($"{url.AbsoluteUri.TrimEnd('/')}/"), Timeout = TimeSpan.FromMinutes(1) };
            var target = new LoadTarget(http);
            if (!await target.ComesUpAsync(TimeSpan.FromSeconds(Math.Max(0, parsed.GetValue(wait))), cancellation))
            {
                Diagnostics.Say($"{url} does not answer as a FHIR server: check the address, or allow it more time by --wait SECONDS");
                return ExitCode.Failed;
            }

            return Tell(await target.LoadAsync(cases, cancellation), passedOver, cases.Count);
        });
        return command;
    }

    private static (IReadOnlyList<SampleTransaction> Cases, IReadOnlyList<string> PassedOver) Read(string? folder)
    {
        try
        {
            return SampleBundles.Read(folder);
        }
        catch (SandboxException e)
        {
            throw new InputException(e.Message, e);
        }
    }

    private static int Tell(LoadOutcome outcome, IReadOnlyList<string> passedOver, int cases)
    {
        foreach (var line in passedOver.Concat(outcome.Refused))
        {
            Diagnostics.Say(line);
        }

        Console.Out.WriteLine($"{outcome.Loaded} resources of {cases} cases loaded, {outcome.Refused.Count} refused, {passedOver.Count} passed over");
        return outcome.Refused.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
