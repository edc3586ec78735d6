using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;

namespace FhirMg.Fhir.Writing;

/// <summary>The resource types that are written, and how they differ.</summary>
internal static class WrittenTypes
{
    /// <summary>All that belong to a patient, in order of dependency; a Provenance comes after them.</summary>
    public static IReadOnlyList<string> OfPatient { get; } =
        ["RiskAssessment", "DetectedIssue", "MedicationRequest", "ServiceRequest", "Task", "CommunicationRequest", "RequestGroup"];

    /// <summary>Requests that a request of somebody else may be based on.</summary>
    public static IReadOnlyList<string> BasedUpon { get; } = ["MedicationRequest", "ServiceRequest", "Task", "CommunicationRequest"];

    public static bool IsProposal(string type) => type is not ("RiskAssessment" or "DetectedIssue" or "Provenance");

    /// <summary>The status of a proposal that is withdrawn.</summary>
    public static string WithdrawnStatus(string type) => type is "MedicationRequest" or "Task" ? "cancelled" : "revoked";

    /// <summary>Whether R4 gives the type an element for the reason of its status.</summary>
    public static bool HasStatusReason(string type) => type is "MedicationRequest" or "Task" or "CommunicationRequest";

    /// <summary>What is proposed, apart from the conclusion behind it.</summary>
    public static string Slot(string type, Rule? rule, string? activity, string? encounter)
    {
        var attack = rule is { } known && Choice.Of(known).Contains(Rule.Rx6) ? LastTwo(encounter) : null;
        return $"{type}|{rule?.Id()}|{activity?.Split('|')[0]}|{attack}";
    }

    /// <summary>A reference as <c>Type/id</c>, whichever way it is written.</summary>
    public static string? LastTwo(string? reference)
    {
        if (reference is null || reference.StartsWith("urn:", StringComparison.Ordinal))
        {
            return reference;
        }

        var history = reference.IndexOf("/_history/", StringComparison.Ordinal);
        var parts = (history < 0 ? reference : reference[..history]).Split('/');
        return parts.Length < 2 ? reference : $"{parts[^2]}/{parts[^1]}";
    }
}
