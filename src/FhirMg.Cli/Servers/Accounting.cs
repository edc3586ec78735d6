using System.Text.Json;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Servers;

/// <summary>Tells what was, or would be, written from the steps of a write-back.</summary>
internal sealed class Accounting(ServerRequest request, WritePolicy policy)
{
    /// <summary>The account of what was written.</summary>
    public WriteAccount Done(string patient, WriteResult result) => new(patient, true, Kebab(result.Manner), [.. result.Steps.Select(step => Entry(step.Step) with
    {
        Outcome = Kebab(step.Outcome),
        Reference = step.Reference,
        Problem = step.Problem is null ? null : request.WithoutSecrets(step.Problem),
    })]);

    /// <summary>The account of what would be written.</summary>
    public WriteAccount Planned(string patient, WritePlan plan) => new(patient, false, Kebab(plan.Manner), [.. plan.Steps.Select(Entry)]);

    /// <summary>The account where it could not be found out.</summary>
    public WriteAccount Unknown(string patient, string problem) => new(patient, request.Write, WriteAccount.Unknown, []) { Problem = request.WithoutSecrets(problem) };

    private WriteEntry Entry(WriteStep step) => new(Kebab(step.Action), Kebab(step.State), step.Type, request.WithoutSecrets(step.Reason))
    {
        Rule = step.Rule?.Id(),
        Reference = step.Held?.Reference is { } held && step.Action != WriteAction.Create ? held : null,
        Why = Why(step.Obstacle),
    };

    // The reasons that have a wording in every language; what a server says for itself has not.
    private string? Why(WriteObstacle? obstacle) => obstacle switch
    {
        WriteObstacle.Policy => $"policy-{Kebab(policy)}",
        WriteObstacle.NotTaken => "create",
        WriteObstacle.NotGranted => "scope",
        WriteObstacle.NotSearchable => "search",
        WriteObstacle.NotWithdrawable => "update",
        WriteObstacle.WithoutAssessment => "assessment",
        _ => null,
    };

    private static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
