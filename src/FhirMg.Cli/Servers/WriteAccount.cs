namespace FhirMg.Cli.Servers;

/// <summary>What was, or would be, written about a patient.</summary>
/// <param name="Patient">The patient, as the report names it.</param>
/// <param name="IsWritten">Whether it was to be written; else it is only what would be.</param>
/// <param name="How">How, in kebab case; <c>unknown</c> where it could not be found out, or nobody knows how far it came.</param>
/// <param name="Entries">What about each resource.</param>
internal sealed record WriteAccount(string Patient, bool IsWritten, string How, IReadOnlyList<WriteEntry> Entries)
{
    /// <summary>Why it could not be found out or done; null when it could.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether something that was to be written is not there.</summary>
    public bool HasFailed => IsWritten && (Problem is not null || Entries.Any(entry => entry.Outcome == WriteEntry.Failed));

    /// <summary>How it is written could not be found out.</summary>
    public const string Unknown = "unknown";

    /// <summary>Whether something would change on the server.</summary>
    public bool HasWrites => Entries.Any(entry => entry.Action is WriteEntry.Create or WriteEntry.Withdraw or WriteEntry.Repoint);
}

/// <summary>What was, or would be, done about one resource.</summary>
/// <param name="Action">What: <c>create</c> <c>withdraw</c> <c>repoint</c> <c>leave</c> <c>suggest</c> <c>report</c>.</param>
/// <param name="State">The row of the write-back table, in kebab case.</param>
/// <param name="Type">The resource type.</param>
/// <param name="Reason">Why, in English.</param>
internal sealed record WriteEntry(string Action, string State, string Type, string Reason)
{
    public const string Create = "create";
    public const string Withdraw = "withdraw";
    public const string Repoint = "repoint";
    public const string Suggest = "suggest";
    public const string Report = "report";
    public const string Failed = "failed";

    /// <summary>What became of it: <c>created</c> <c>withdrawn</c> <c>repointed</c> <c>left</c> <c>suggested</c> <c>reported</c> <c>failed</c>; null when nothing was to be written.</summary>
    public string? Outcome { get; init; }

    /// <summary>The rule's id; null where several rules stand behind it.</summary>
    public string? Rule { get; init; }

    /// <summary>Where it is (<c>Type/id</c>); null when it is not on the server.</summary>
    public string? Reference { get; init; }

    /// <summary>The wording for why it is not written; null where only <see cref="Reason"/> says it.</summary>
    public string? Why { get; init; }

    /// <summary>Why it failed; else null.</summary>
    public string? Problem { get; init; }
}
