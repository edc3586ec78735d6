using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Service.App;

/// <summary>What may be done about a proposal.</summary>
internal enum ProposalState
{
    /// <summary>It waits for a decision.</summary>
    Open,

    /// <summary>It waits for a decision that cannot be written here.</summary>
    CopyOnly,

    /// <summary>A person has accepted it.</summary>
    Accepted,

    /// <summary>Another of the same choice was accepted.</summary>
    AnotherAccepted,

    /// <summary>A person has rejected it.</summary>
    Rejected,

    /// <summary>Somebody else has changed it on the server.</summary>
    Changed,
}

/// <summary>One activity that a rule proposes, with what the server holds of it.</summary>
/// <param name="Proposal">The proposal.</param>
/// <param name="Activity">What is to be done.</param>
/// <param name="Identifier">Its identifier, by which it is decided on; empty where it cannot be.</param>
/// <param name="State">What may be done about it.</param>
/// <param name="Held">What the server holds of it, or of the decision about it; null for nothing.</param>
internal sealed record ProposalView(Proposal Proposal, Activity Activity, string Identifier, ProposalState State, OursOnServer? Held)
{
    /// <summary>Whether it is a medicine.</summary>
    public bool IsMedicine => Activity.Kind == "MedicationRequest";

    /// <summary>The proposals of an assessment in order, as a plan of writing found them.</summary>
    /// <param name="assessment">The assessment.</param>
    /// <param name="plan">What the server holds, and what would be written.</param>
    /// <param name="capability">What the person may do at the server.</param>
    /// <param name="policy">What may be written there at most.</param>
    public static IReadOnlyList<ProposalView> Of(Assessment assessment, WritePlan plan, ServerCapability capability, WritePolicy policy) =>
    [
        .. Proposal.Of(assessment).SelectMany(proposal => proposal.Activities.Select(activity =>
        {
            var step = plan.Steps.FirstOrDefault(step => step.Rule == proposal.Rule && step.Type == activity.Kind
                && step.Action is WriteAction.Create or WriteAction.Leave or WriteAction.Suggest or WriteAction.Report && step.State != WriteState.NoLongerIndicated
                && (step.Activity is null || step.Activity == activity.Canonical));
            return new ProposalView(proposal, activity, step?.Identifier ?? "", StateOf(step, activity, capability, policy), step?.Held);
        })),
    ];

    private static ProposalState StateOf(WriteStep? step, Activity activity, ServerCapability capability, WritePolicy policy) => step switch
    {
        { State: WriteState.Accepted } => step.Held is { } held && !IsOf(held, activity) ? ProposalState.AnotherAccepted : ProposalState.Accepted,
        { State: WriteState.Rejected } => ProposalState.Rejected,
        { State: WriteState.ChangedByOthers } => ProposalState.Changed,
        null => ProposalState.CopyOnly,
        _ when policy == WritePolicy.Report => ProposalState.CopyOnly,

        // A draft of ours that is there is changed; what is not there is created.
        { Action: WriteAction.Leave } => capability[activity.Kind].Can("update") ? ProposalState.Open : ProposalState.CopyOnly,
        _ => capability[activity.Kind].Can("create") ? ProposalState.Open : ProposalState.CopyOnly,
    };

    // Alternatives follow from one rule, and only the activity tells them apart; advice has none, and is the only one of its kind.
    private static bool IsOf(OursOnServer held, Activity activity) =>
        held.Type == "CommunicationRequest" || held.Slot.Contains($"|{activity.Canonical.Split('|')[0]}|", StringComparison.Ordinal);
}
