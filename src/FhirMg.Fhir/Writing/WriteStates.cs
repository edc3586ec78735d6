namespace FhirMg.Fhir.Writing;

/// <summary>What is done about one resource.</summary>
public enum WriteAction
{
    /// <summary>It is created, unless one with its identifier is there.</summary>
    Create,

    /// <summary>It is ours and nobody has touched it: it is withdrawn, with its reason, if it is still the version that was read.</summary>
    Withdraw,

    /// <summary>It is ours and nobody has touched it: it refers to what was written twice, and is led to the one that stands.</summary>
    Repoint,

    /// <summary>Nothing.</summary>
    Leave,

    /// <summary>It is not written, but may be suggested to a person.</summary>
    Suggest,

    /// <summary>It is not written; the report says it.</summary>
    Report,
}

/// <summary>The row of the table in <c>docs/write-back.md</c> that a step follows.</summary>
public enum WriteState
{
    /// <summary>Nothing of the kind is there yet.</summary>
    NoProposalYet,

    /// <summary>It was written before, from the same evidence.</summary>
    SameEvidence,

    /// <summary>The evidence has changed and the conclusion has not: assessments follow the evidence, proposals stay.</summary>
    EvidenceChanged,

    /// <summary>The conclusion has changed: one proposal takes the place of another.</summary>
    ConclusionChanged,

    /// <summary>What was proposed is no longer indicated.</summary>
    NoLongerIndicated,

    /// <summary>It was proposed before, that was closed, and it is indicated again.</summary>
    IndicatedAgain,

    /// <summary>A person has accepted it, or another of the same choice.</summary>
    Accepted,

    /// <summary>A person has rejected it.</summary>
    Rejected,

    /// <summary>A person or another system has changed it without deciding.</summary>
    ChangedByOthers,

    /// <summary>The patient gets already what was proposed.</summary>
    OnTherapy,

    /// <summary>The same was written twice at once.</summary>
    Duplicate,
}

/// <summary>How a server is written to.</summary>
public enum WriteManner
{
    /// <summary>Not at all: there is nothing new.</summary>
    Nothing,

    /// <summary>All of it or nothing.</summary>
    Transaction,

    /// <summary>One resource after the other, in order of dependency.</summary>
    Singly,

    /// <summary>Not at all: proposals may be suggested to a person.</summary>
    Suggest,

    /// <summary>Not at all: there is only the report.</summary>
    Report,
}

/// <summary>What stands in the way of writing a resource.</summary>
public enum WriteObstacle
{
    /// <summary>The write policy of the server.</summary>
    Policy,

    /// <summary>The server does not take the type.</summary>
    NotTaken,

    /// <summary>The granted scopes do not allow it.</summary>
    NotGranted,

    /// <summary>The server cannot be asked what of the type it holds, so that it could be written twice.</summary>
    NotSearchable,

    /// <summary>The server takes no changes of the type, so that it could not be withdrawn.</summary>
    NotWithdrawable,

    /// <summary>No assessment can be written, and no medicine is written without the one that explains it.</summary>
    WithoutAssessment,

    /// <summary>The server has refused the type; the reason is in its own words.</summary>
    Refused,
}

/// <summary>What became of a step.</summary>
public enum WriteOutcome
{
    /// <summary>It was created.</summary>
    Created,

    /// <summary>It was withdrawn.</summary>
    Withdrawn,

    /// <summary>It was led to the one that stands of what was written twice.</summary>
    Repointed,

    /// <summary>It was left as it is, or was there already.</summary>
    Left,

    /// <summary>It is to be suggested.</summary>
    Suggested,

    /// <summary>It is only reported.</summary>
    Reported,

    /// <summary>It could not be done; running again does it.</summary>
    Failed,
}

/// <summary>What has become of something of ours.</summary>
public enum Standing
{
    /// <summary>As we wrote it; only these are ever touched again.</summary>
    Ours,

    /// <summary>Accepted by a person.</summary>
    Accepted,

    /// <summary>Rejected by a person.</summary>
    Rejected,

    /// <summary>Changed by somebody else, without a decision that its status tells.</summary>
    Changed,

    /// <summary>Withdrawn by us.</summary>
    Withdrawn,

    /// <summary>Marked by us as written twice.</summary>
    Duplicate,
}
