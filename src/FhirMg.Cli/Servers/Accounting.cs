using System.Text.Json;
using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Servers;

/// <summary>Tells what was, or would be, written from the steps of a write-back.</summary>
internal sealed class Accounting(ServerRequest request, ServerCapability capability, WritePolicy policy)
{
    /// <summary>The account of what was written.</summary>
    public WriteAccount Done(string patient, WriteResult result, WriteManner? seen) => new(
        patient, true, Manner([.. result.Steps.Select(step => step.Step)], seen), [.. Entries([.. result.Steps.Select(step => step.Step)]).Zip(result.Steps, (entry, step) => entry with
        {
            Outcome = Kebab(step.Outcome),
            Reference = step.Reference,
            Problem = step.Problem is null ? null : request.WithoutSecrets(step.Problem),
        })]);

    /// <summary>The account of what would be written.</summary>
    public WriteAccount Planned(string patient, IReadOnlyList<WriteStep> steps, WriteManner? seen) => new(patient, false, Manner(steps, seen), [.. Entries(steps)]);

    /// <summary>The account where it could not be found out.</summary>
    public WriteAccount Unknown(string patient, string problem) => new(patient, request.Write, WriteManner.Unknown, []) { Problem = request.WithoutSecrets(problem) };

    private IEnumerable<WriteEntry> Entries(IReadOnlyList<WriteStep> steps)
    {
        var lacksAssessment = steps.Any(step => step is { Type: "RiskAssessment", Held: null, Action: WriteAction.Suggest or WriteAction.Report });
        return steps.Select(step => Entry(step, lacksAssessment));
    }

    private WriteEntry Entry(WriteStep step, bool lacksAssessment) => new(Kebab(step.Action), Kebab(step.State), step.Type, request.WithoutSecrets(step.Reason))
    {
        Rule = step.Rule?.Id(),
        Reference = step.Held?.Reference is { } held && step.Action != WriteAction.Create ? held : null,
        Why = step.Action is WriteAction.Suggest or WriteAction.Report ? Why(step.Type, lacksAssessment) : null,
    };

    // The reasons that have a wording in every language; what a server says for itself has not.
    private string? Why(string type, bool lacksAssessment) =>
        policy != WritePolicy.Write ? $"policy-{Kebab(policy)}"
        : !capability[type].Can("create") ? "create"
        : type is "MedicationRequest" or "RequestGroup" && lacksAssessment ? "assessment"
        : type is not ("RiskAssessment" or "DetectedIssue" or "Provenance") && !capability[type].Can("update") ? "update"
        : null;

    private static WriteManner Manner(IReadOnlyList<WriteStep> steps, WriteManner? seen) =>
        seen
        ?? (steps.Any(step => step.Action == WriteAction.Suggest) ? WriteManner.Suggest
            : steps.Any(step => step is { Action: WriteAction.Report, Held: null }) ? WriteManner.Report
            : WriteManner.Nothing);

    private static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
