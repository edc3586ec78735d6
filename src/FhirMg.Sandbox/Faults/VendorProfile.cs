namespace FhirMg.Sandbox.Faults;

/// <summary>What a kind of server leaves out.</summary>
internal sealed record VendorProfile(string Name)
{
    private static readonly HashSet<string> Orders = new(["MedicationRequest", "RiskAssessment", "DetectedIssue", "RequestGroup", "CommunicationRequest", "Task", "ServiceRequest", "Provenance"], StringComparer.Ordinal);

    /// <summary>The profiles, the complete one first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["full", "no-transaction", "oracle-health", "read-only"];

    public bool Transactions => Name is "full";

    public bool Keeps(string type) => Name != "oracle-health" || type is not ("RiskAssessment" or "DetectedIssue" or "RequestGroup" or "CommunicationRequest" or "Task");

    public bool Writes(string type) => Name switch
    {
        "read-only" => false,
        "oracle-health" => !Orders.Contains(type),
        _ => true,
    };

    public bool Searches(string type, string parameter) => Name != "oracle-health" || (type, parameter) is not ("Condition", "code");
}
