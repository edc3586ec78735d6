using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>A resource on a server that carries an identifier of ours.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Id">Its id on the server.</param>
/// <param name="Identifier">The value of our identifier; for a Provenance that of its tag.</param>
public sealed record OursOnServer(string Type, string Id, string Identifier)
{
    private static readonly HashSet<string> AcceptedStatuses =
        new(["active", "on-hold", "completed", "requested", "received", "accepted", "ready", "in-progress"], StringComparer.Ordinal);

    private static readonly HashSet<string> ClosedStatuses =
        new(["cancelled", "revoked", "stopped", "entered-in-error", "rejected", "failed"], StringComparer.Ordinal);

    /// <summary>Its version; null when the server did not say.</summary>
    public string? VersionId { get; init; }

    /// <summary>The rule that it follows from; null where several do, or none is readable.</summary>
    public Rule? Rule { get; init; }

    /// <summary>What is proposed, apart from the conclusion behind it: type, rule, activity, and the attack that an injection is for.</summary>
    public string Slot { get; init; } = "";

    /// <summary>Its status; null where the type has none.</summary>
    public string? Status { get; init; }

    /// <summary>Why we withdrew it, as a code of ours; null when we did not.</summary>
    public string? Withdrawal { get; init; }

    /// <summary>When it was last changed; null when the server did not say.</summary>
    public DateTimeOffset? LastUpdated { get; init; }

    /// <summary>The deficiency class that it was written under; null when not readable.</summary>
    public Deficiency? Class { get; init; }

    /// <summary>Whether its content, status apart, is as we wrote it.</summary>
    public bool AsWritten { get; init; }

    /// <summary>Whether a request of somebody else is based on it.</summary>
    public bool IsBasedOn { get; init; }

    /// <summary>How it is referred to.</summary>
    public string Reference => $"{Type}/{Id}";

    /// <summary>What has become of it.</summary>
    public Standing Standing =>
        Withdrawal == Withdrawals.Duplicate ? Standing.Duplicate
        : !WrittenTypes.IsProposal(Type) ? (AsWritten ? Standing.Ours : Standing.Changed)
        : Withdrawal is not null && ClosedStatuses.Contains(Status ?? "") ? Standing.Withdrawn
        : ClosedStatuses.Contains(Status ?? "") ? Standing.Rejected
        : IsBasedOn || AcceptedStatuses.Contains(Status ?? "") ? Standing.Accepted
        : Status == "draft" && AsWritten ? Standing.Ours
        : Standing.Changed;

    /// <summary>Why a person has rejected it, in their words; null when they gave no reason, or did not reject it.</summary>
    public string? Reason => Standing != Standing.Rejected ? null
        : Json.Items("statusReason").Select(reason => reason.Text("text")).OfType<string>().FirstOrDefault()
            ?? Json.Items("note").Select(note => note.Text("text")).OfType<string>().LastOrDefault();

    /// <summary>Who has asked for it or decided, as the resource refers to them; null when it does not say.</summary>
    public string? Requester => Json.Member("requester").Text("reference");

    /// <summary>How a medicine is to be given, in words; null when not said.</summary>
    public string? Dose => Json.Items("dosageInstruction").Select(dosage => dosage.Text("text")).OfType<string>().FirstOrDefault();

    /// <summary>The resource as read, for writing it back; null in a plan's tests.</summary>
    internal JsonObject? Json { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Reference} {Status} ({Standing})";
}
