using System.Text.Json.Nodes;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>What a person decides about a proposal: to accept it, with a dose where one is needed, or to reject it with a reason.</summary>
/// <param name="IsAccepted">Whether it is accepted.</param>
/// <param name="By">Who decides, as a reference such as <c>Practitioner/1</c>; null when the server has not said who it is.</param>
/// <param name="Dose">The dose in words, in place of the one proposed; null to leave that.</param>
/// <param name="Reason">Why it is rejected; null when it is accepted.</param>
public sealed record PersonDecision(bool IsAccepted, string? By, string? Dose, string? Reason)
{
    /// <summary>The code that says on a rejection that a person made it: never one by which we withdraw.</summary>
    private const string RejectedCode = "rejected-by-person";

    /// <summary>The proposal as the decision leaves it; everything that the decision is not about stays as it is.</summary>
    /// <param name="proposal">The resource, as on the server or as proposed.</param>
    /// <param name="knowledge">The knowledge whose names it carries.</param>
    /// <param name="language">The language of texts.</param>
    /// <param name="when">When it is decided.</param>
    internal JsonObject Apply(JsonObject proposal, Knowledge knowledge, Language language, DateTimeOffset when)
    {
        var names = new Names(knowledge.CanonicalBase);
        var type = proposal.Text("resourceType")!;
        var decided = proposal.DeepClone().AsObject();
        decided["status"] = IsAccepted ? AcceptedStatus(type) : WrittenTypes.WithdrawnStatus(type);
        if (IsAccepted && By is not null)
        {
            decided["requester"] = new JsonObject { ["reference"] = By };
        }

        if (IsAccepted && Dose is not null && type == "MedicationRequest")
        {
            decided["dosageInstruction"] = new JsonArray(new JsonObject { ["text"] = Dose });
        }

        if (!IsAccepted)
        {
            AddReason(decided, type, knowledge.Terms[RejectedCode][language], names, when);
        }

        Unplace(decided, names);
        return decided;
    }

    private static string AcceptedStatus(string type) => type == "Task" ? "accepted" : "active";

    // R4 has no reason of its status for a ServiceRequest; a note says of each type who decided, and when.
    private void AddReason(JsonObject decided, string type, string display, Names names, DateTimeOffset when)
    {
        if (WrittenTypes.HasStatusReason(type))
        {
            decided["statusReason"] = new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = names.CodeSystem, ["code"] = RejectedCode, ["display"] = display }),
                ["text"] = Reason ?? display,
            };
        }

        var note = new JsonObject { ["time"] = when.ToString("yyyy-MM-dd'T'HH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture), ["text"] = Reason is null ? display : $"{display}: {Reason}" };
        if (By is not null)
        {
            note["authorReference"] = new JsonObject { ["reference"] = By };
        }

        var notes = decided["note"] as JsonArray ?? [];
        decided["note"] = notes;
        notes.Add(note);
    }

    // Siblings that were never written cannot be referred to, and our profiles describe what is proposed.
    private static void Unplace(JsonObject decided, Names names)
    {
        if (decided["detectedIssue"] is JsonArray issues)
        {
            issues.RemoveAll(issue => issue.Text("reference")?.StartsWith("urn:", StringComparison.Ordinal) == true);
            if (issues.Count == 0)
            {
                decided.Remove("detectedIssue");
            }
        }

        if (decided["meta"] is JsonObject meta && meta["profile"] is JsonArray profiles)
        {
            profiles.RemoveAll(profile => profile?.ToString().StartsWith(names.Profiles, StringComparison.Ordinal) == true);
            if (profiles.Count == 0)
            {
                meta.Remove("profile");
            }
        }
    }
}

/// <summary>What became of a decision.</summary>
public enum DecisionOutcome
{
    /// <summary>It is on the server.</summary>
    Written,

    /// <summary>Somebody had decided before.</summary>
    DecidedBefore,

    /// <summary>It is no longer proposed, or not in this form: the case has changed.</summary>
    NoLongerProposed,

    /// <summary>The server did not take it.</summary>
    Refused,

    /// <summary>Nobody knows whether it is written.</summary>
    Unknown,
}

/// <summary>What became of a decision.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reference">Where the resource is (<c>Type/id</c>); null when it was not written.</param>
/// <param name="Problem">Why not, in the server's words; else null.</param>
public sealed record DecisionResult(DecisionOutcome Outcome, string? Reference, string? Problem);
