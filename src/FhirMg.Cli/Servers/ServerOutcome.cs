using FhirMg.Cli.Evaluating;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Servers;

/// <summary>Tells how a run at a server came out: reports on standard output, all else on standard error.</summary>
internal sealed class ServerOutcome(EvaluateRequest evaluate, ServerRequest request, Diagnostics diagnostics)
{
    /// <exception cref="OutputException">The reports cannot be written; what was written to the server has been said.</exception>
    public int Show(Knowledge knowledge, IReadOnlyList<Evaluated> evaluated)
    {
        SayWarnings(evaluated);
        foreach (var account in Accounts(evaluated).Where(account => account.HasFailed))
        {
            diagnostics.Report(WriteLines.Failure(account));
        }

        // Planning is a courtesy: what it lacks is said, and is no failure of the evaluation.
        foreach (var account in Accounts(evaluated).Where(account => account is { IsWritten: false, Problem: not null }))
        {
            Diagnostics.Say($"{account.Patient}: it could not be found out what would be written: {account.Problem}");
        }

        try
        {
            EvaluationOutput.Show(evaluate, knowledge, evaluated);
        }
        catch (OutputException)
        {
            SayWritten(evaluated, evaluated.Count);
            throw;
        }

        if (evaluate.Format == EvaluateFormat.Fhir)
        {
            SayWritten(evaluated, evaluated.Count);
        }

        return diagnostics.HasProblems ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Says for <c>--write</c> what was written, and to whom nobody came.</summary>
    public void SayWritten(IReadOnlyCollection<Evaluated> evaluated, int asked)
    {
        if (!request.Write)
        {
            return;
        }

        foreach (var account in Accounts(evaluated))
        {
            Diagnostics.Say(WriteLines.Of(account));
        }

        if (evaluated.Count < asked)
        {
            Diagnostics.Say($"nothing was written about {asked - evaluated.Count} of {asked} patients");
        }
    }

    private static IEnumerable<WriteAccount> Accounts(IEnumerable<Evaluated> evaluated) => evaluated.Select(one => one.Writes).OfType<WriteAccount>();

    // What a server cannot do it cannot do for anybody: said once.
    private static void SayWarnings(IReadOnlyList<Evaluated> evaluated)
    {
        var warnings = evaluated.SelectMany(one => one.Warnings.Select(warning => (Warning: warning, one.Assessment.Features.Patient)));
        foreach (var alike in warnings.GroupBy(pair => pair.Warning, StringComparer.Ordinal))
        {
            var rest = alike.Count() - 1;
            Diagnostics.Say($"{alike.First().Patient}{(rest > 0 ? $" and {rest} more" : "")}: {alike.Key}");
        }
    }
}
