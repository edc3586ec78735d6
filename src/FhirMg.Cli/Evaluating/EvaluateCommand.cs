using System.CommandLine;
using FhirMg.Cli.Servers;

namespace FhirMg.Cli.Evaluating;

/// <summary><c>fhirmg evaluate</c>: FHIR data of files or of a server in, reports out.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var options = new EvaluateOptions(TimeProvider.System);
        var command = options.AddTo(new Command("evaluate", "Evaluates patients from files, directories, standard input or a FHIR server."));
        command.SetAction(async (parsed, cancellation) =>
        {
            // Reading standard input may wait for long; Ctrl-C must not wait for it.
            var request = await Task.Run(() => options.Read(parsed), cancellation);
            if (request.Server is { } server)
            {
                return await AtServerAsync(request, server, cancellation);
            }

            if (request.Inputs.Count == 0 && !Console.IsInputRedirected)
            {
                Diagnostics.Say("name files or directories with FHIR data, or send them to standard input");
                await command.Parse(["--help"]).InvokeAsync(new() { Output = Console.Error }, cancellation);
                return ExitCode.Usage;
            }

            return await Task.Run(() => new Evaluation(request).Run(cancellation), cancellation);
        });
        return command;
    }

    // A method of its own, so that what speaks to servers is loaded only for them.
    private static Task<int> AtServerAsync(EvaluateRequest request, ServerRequest server, CancellationToken cancellation) =>
        new ServerEvaluation(request, server).RunAsync(cancellation);
}
