using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Tokens;

/// <summary>The scopes (v2) that the work at a server needs.</summary>
public static class WantedScopes
{
    private static readonly string[] Written =
        ["CommunicationRequest", "DetectedIssue", "MedicationRequest", "Provenance", "RequestGroup", "RiskAssessment", "ServiceRequest", "Task"];

    private static readonly string[] Decided = ["CommunicationRequest", "MedicationRequest", "QuestionnaireResponse", "ServiceRequest", "Task"];

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

    /// <summary>
    /// What a launched app asks for about its patient: reading what the rules ask for and what was proposed before; where people may decide
    /// there, writing their decisions and answers.
    /// </summary>
    public static IReadOnlyList<string> OfLaunch(Knowledge knowledge, WritePolicy policy)
    {
        var wanted = knowledge.Requirements.Select(requirement => requirement.Type).Append("Patient").Append("Medication").Concat(Written.Where(type => type != "Provenance"))
            .Distinct(StringComparer.Ordinal).ToDictionary(type => type, _ => Permission.Read | Permission.Search, StringComparer.Ordinal);
        foreach (var type in policy == WritePolicy.Report ? [] : Decided)
        {
            wanted[type] = Permission.Create | Permission.Read | Permission.Update | Permission.Search;
        }

        return [.. wanted.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => SmartScope.V2(pair.Key, pair.Value).Replace("system/", "patient/", StringComparison.Ordinal))];
    }

    /// <summary>The same scopes the v1 way, for servers that know no other.</summary>
    public static IReadOnlyList<string> AsV1(IEnumerable<string> scopes) => [.. scopes.SelectMany(SmartScope.V1).Distinct(StringComparer.Ordinal)];
}
