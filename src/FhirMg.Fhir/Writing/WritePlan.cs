using System.Text.Json.Nodes;
using FhirMg.Fhir.Capability;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>What is to be done about one resource, and why.</summary>
/// <param name="Action">What is done.</param>
/// <param name="State">The row of the table that it follows.</param>
/// <param name="Type">The resource type.</param>
/// <param name="Identifier">Its identifier of ours.</param>
/// <param name="Reason">Why, in one line, without patient data.</param>
public sealed record WriteStep(WriteAction Action, WriteState State, string Type, string Identifier, string Reason)
{
    /// <summary>The rule that the resource follows from; null where several do.</summary>
    public Rule? Rule { get; init; }

    /// <summary>Canonical of the ActivityDefinition that it follows from; null where there is none.</summary>
    public string? Activity { get; init; }

    /// <summary>What is on the server; null for what is not.</summary>
    public OursOnServer? Held { get; init; }

    /// <summary>The code of ours that a withdrawal gives as its reason; else null.</summary>
    public string? Withdrawal { get; init; }

    /// <summary>What stands in the way of writing; null where it is written, or needs not be.</summary>
    public WriteObstacle? Obstacle { get; init; }

    /// <summary>The resource to be created or suggested; else null. References to its siblings are <c>urn:uuid:</c>.</summary>
    public JsonObject? Resource { get; init; }

    /// <summary>What siblings refer to it by, while it is not there.</summary>
    internal string? FullUrl { get; init; }

    /// <summary>The search that makes its creation conditional.</summary>
    internal string? IfNoneExist { get; init; }

    /// <summary>The <see cref="FullUrl"/> of what takes its place: nothing is withdrawn before that is there.</summary>
    internal string? Successor { get; init; }

    /// <summary>Where references to losing duplicates lead instead, by reference; null where the step is about something else.</summary>
    internal IReadOnlyDictionary<string, string>? Standing { get; init; }

    /// <summary>What becomes of a resource that is changed; null when nothing is to be changed after all.</summary>
    internal JsonObject? Changed(OursOnServer held, Knowledge knowledge, Language language) =>
        Standing is not null ? Repointing.Apply(held.Json, Standing, new(knowledge.CanonicalBase)) : Withdrawals.Apply(held.Json!, Withdrawal!, knowledge, language);

    /// <summary>What became of it when it was changed.</summary>
    internal WriteOutcome OutcomeOfChange => Action == WriteAction.Repoint ? WriteOutcome.Repointed : WriteOutcome.Withdrawn;

    /// <summary>What and why, without the resource: steps get into logs.</summary>
    public override string ToString() => $"{Action} {Type} {Rule?.Id()} ({State}): {Reason}";
}

/// <summary>What is to be done about an assessment at a server, given what that holds.</summary>
/// <param name="Steps">The steps, in order of dependency.</param>
public sealed record WritePlan(IReadOnlyList<WriteStep> Steps)
{
    /// <summary>How the server is written to.</summary>
    public WriteManner Manner { get; init; }

    /// <summary>What of ours the server holds about the patient; empty where it was not read.</summary>
    public IReadOnlyList<OursOnServer> Held { get; init; } = [];

    /// <summary>The steps that change the server.</summary>
    public IEnumerable<WriteStep> Writes => Steps.Where(step => step.Action is WriteAction.Create or WriteAction.Withdraw or WriteAction.Repoint);

    /// <summary>The plan, with how a server that can do so much is written to.</summary>
    internal WritePlan At(ServerCapability capability, bool takesTransactions) => this with
    {
        Manner = Writes.Any() ? (takesTransactions && TransactionWriter.Can(this, capability) ? WriteManner.Transaction : WriteManner.Singly)
            : Steps.Any(step => step.Action == WriteAction.Suggest) ? WriteManner.Suggest
            : Steps.Any(step => step is { Action: WriteAction.Report, Held: null }) ? WriteManner.Report
            : WriteManner.Nothing,
    };
}

/// <summary>What became of one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reference">Where the resource is (<c>Type/id</c>); null when it is not on the server.</param>
/// <param name="Problem">Why it failed; else null.</param>
public sealed record WriteStepResult(WriteStep Step, WriteOutcome Outcome, string? Reference, string? Problem = null)
{
    /// <summary>What became of what, without the resource.</summary>
    public override string ToString() => $"{Outcome} {Reference}: {Step}{(Problem is null ? "" : $": {Problem}")}";
}

/// <summary>What became of an assessment at a server.</summary>
/// <param name="Steps">What became of each step.</param>
public sealed record WriteResult(IReadOnlyList<WriteStepResult> Steps)
{
    /// <summary>How the server was written to; where a transaction was refused as a whole, singly.</summary>
    public WriteManner Manner { get; init; }

    /// <summary>Whether everything that was to be written is there.</summary>
    public bool IsComplete => Steps.All(step => step.Outcome != WriteOutcome.Failed);

    /// <summary>The results with an outcome.</summary>
    public IEnumerable<WriteStepResult> With(WriteOutcome outcome) => Steps.Where(step => step.Outcome == outcome);
}
