using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Writing;

/// <summary>What may and can be written, by resource type.</summary>
/// <param name="capability">What the server says it can do.</param>
/// <param name="policy">What may be written at most.</param>
/// <param name="refused">Types that the server has refused just now, with its words.</param>
internal sealed class Abilities(ServerCapability capability, WritePolicy policy, IReadOnlyDictionary<string, string> refused)
{
    /// <summary>Why a resource of the type is not written; null when it is.</summary>
    public string? WhyNot(string type)
    {
        var can = capability[type];
        return policy != WritePolicy.Write ? $"the write policy of this server is '{policy.ToString().ToLowerInvariant()}'"
            : refused.TryGetValue(type, out var why) ? why
            : !can.Can("create") ? $"the server takes no {type}"
            : !IsReadable(type) ? $"the server cannot say which {type} it holds, so that one could be written twice"
            : WrittenTypes.IsProposal(type) && !can.Can("update") ? $"the server takes no changes of a {type}, so that it could not be withdrawn"
            : type is "MedicationRequest" or "RequestGroup" && (!capability["RiskAssessment"].Can("create") || refused.ContainsKey("RiskAssessment")) ? "the server takes no RiskAssessment, and no medicine is written without the assessment that explains it"
            : null;
    }

    /// <summary>Why a resource that is ours cannot be changed; null when it can.</summary>
    public string? WhyNotChanged(string type) =>
        policy != WritePolicy.Write ? $"the write policy of this server is '{policy.ToString().ToLowerInvariant()}'"
        : refused.TryGetValue(type, out var why) ? why
        : capability[type].Can("update") ? null : $"the server takes no changes of a {type}";

    /// <summary>What is done about a resource that is not written.</summary>
    public WriteAction Instead(string type) => policy != WritePolicy.Report && WrittenTypes.IsProposal(type) ? WriteAction.Suggest : WriteAction.Report;

    /// <summary>The search parameter for the patient; null when there is none.</summary>
    public static string? PatientParameter(TypeCapability can) => can.CanSearchBy("patient") ? "patient" : can.CanSearchBy("subject") ? "subject" : null;

    /// <summary>The search parameter for what makes a resource of ours one of a kind; null when there is none.</summary>
    public static string? KeyParameter(string type, TypeCapability can) => (type == "Provenance" ? "_tag" : "identifier") is var name && can.CanSearchBy(name) ? name : null;

    /// <summary>Whether creation can be made conditional.</summary>
    public static bool IsConditional(string type, TypeCapability can) => can.ConditionalCreate && KeyParameter(type, can) is not null;

    private bool IsReadable(string type) =>
        type == "Provenance" ? KeyParameter(type, capability[type]) is not null || capability[type].CanSearchBy("target") : PatientParameter(capability[type]) is not null;
}
