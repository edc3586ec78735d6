using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Tokens;

/// <summary>The scopes (v2) that the work at a server needs.</summary>
public static class WantedScopes
{
    private static readonly string[] Written =
        ["CommunicationRequest", "DetectedIssue", "MedicationRequest", "Provenance", "RequestGroup", "RiskAssessment", "ServiceRequest", "Task"];

    /// <summary>Reading and searching what the rules ask for; where proposals are written, what writing them exactly once needs.</summary>
    public static IReadOnlyList<string> Of(Knowledge knowledge, WritePolicy policy)
    {
        var wanted = knowledge.Requirements.Select(requirement => requirement.Type).Append("Patient").Append("Medication")
            .Distinct(StringComparer.Ordinal).ToDictionary(type => type, _ => Permission.Read | Permission.Search, StringComparer.Ordinal);
        foreach (var type in policy == WritePolicy.Write ? Written : [])
        {
            // Conditional creates and finding duplicates search; retracting a duplicate updates. Nothing is deleted.
            wanted[type] = Permission.Create | Permission.Read | Permission.Update | Permission.Search;
        }

        return [.. wanted.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => SmartScope.V2(pair.Key, pair.Value))];
    }
}
