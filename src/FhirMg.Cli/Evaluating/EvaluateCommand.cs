using System.CommandLine;

namespace FhirMg.Cli.Evaluating;

/// <summary><c>fhirmg evaluate</c>: files of FHIR data in, reports out.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var options = new EvaluateOptions(TimeProvider.System);
        var command = options.AddTo(new Command("evaluate", "Evaluates patients from files, directories or standard input."));
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = options.Read(parsed);
            if (request.Inputs.Count == 0 && !Console.IsInputRedirected)
            {
                Diagnostics.Say("name files or directories with FHIR data, or send them to standard input");
                await command.Parse(["--help"]).InvokeAsync(new() { Output = Console.Error }, cancellation);
                return ExitCode.Usage;
            }

            // Reading standard input may wait for long; Ctrl-C must not wait for it.
            return await Task.Run(() => new Evaluation(request).Run(cancellation), cancellation);
        });
        return command;
    }
}
