using System.CommandLine;

namespace FhirMg.Cli.Screening;

/// <summary><c>fhirmg screen</c>: a population in, results in a directory out.</summary>
internal static class ScreenCommand
{
    public const string Name = "screen";

    public static Command Create()
    {
        var options = new ScreenOptions(TimeProvider.System);
        var command = options.AddTo(new Command(Name, "Screens a population: NDJSON of a bulk export in any order over any number of files, in; reports, proposals and what could not be used, out."));
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = options.Read(parsed);
            if (request.Inputs.Count == 0 && request.Population is null)
            {
                Diagnostics.Say("name files or directories with NDJSON, - for standard input, or a server by --server");
                await command.Parse(["--help"]).InvokeAsync(new() { Output = Console.Error }, cancellation);
                return ExitCode.Usage;
            }

            return await ScreenAsync(request, cancellation);
        });
        return command;
    }

    // A method of its own, so that what screens is loaded only for it.
    private static Task<int> ScreenAsync(ScreenRequest request, CancellationToken cancellation) => new ScreeningRun(request).RunAsync(cancellation);
}
