using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Evaluating;

/// <summary>Shows what was evaluated, wherever the data came from.</summary>
internal static class EvaluationOutput
{
    private const int NamedAtMost = 10;

    /// <exception cref="UsageException">A plot was asked for and there are several patients.</exception>
    /// <exception cref="OutputException">An output cannot be written.</exception>
    public static void Show(EvaluateRequest request, Knowledge knowledge, IReadOnlyList<Evaluated> evaluated)
    {
        if (request.Plot is { } plot)
        {
            RequireOne(evaluated);
            foreach (var one in evaluated)
            {
                Plotting.PlotFile.Write(plot, one.Assessment, request.Language);
            }
        }

        OutputFile.Write(request.Output, output => ReportOutput.Write(output, request, knowledge, evaluated));
    }

    /// <summary>Names some of the patients.</summary>
    public static string Names(IReadOnlyCollection<string> patients)
    {
        var rest = patients.Count - NamedAtMost;
        return $"It holds {string.Join(", ", patients.Take(NamedAtMost))}{(rest > 0 ? $" and {rest} more" : "")}";
    }

    private static void RequireOne(IReadOnlyList<Evaluated> evaluated)
    {
        if (evaluated.Count > 1)
        {
            throw new UsageException($"--plot draws one patient, and there are {evaluated.Count}: choose one with --patient. "
                + Names([.. evaluated.Select(one => one.Assessment.Features.Patient)]));
        }
    }
}
