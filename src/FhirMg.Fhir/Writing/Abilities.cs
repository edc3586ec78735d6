using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Writing;

/// <summary>What may and can be written, by resource type.</summary>
/// <param name="capability">What the server says it can do, as far as the granted scopes go.</param>
/// <param name="policy">What may be written at most.</param>
/// <param name="refused">Types that the server has refused just now, with its words.</param>
internal sealed class Abilities(ServerCapability capability, WritePolicy policy, IReadOnlyDictionary<string, string> refused)
{
    /// <summary>Why a resource of the type is not written; null when it is.</summary>
    public Obstruction? WhyNot(string type)
    {
        var can = capability[type];
        return Always(type)
            ?? (!can.Can("create") ? Lacking(can, "create", WriteObstacle.NotTaken, $"the server takes no {type}", $"no scope to create a {type} was granted")
            : can.Withheld.Contains("search-type") ? new(WriteObstacle.NotGranted, $"no scope to search for a {type} was granted, so that one could be written twice")
            : can.IsPartial ? new(WriteObstacle.NotGranted, $"the scope granted shows only some {type} resources, so that one could be written twice")
            : !IsReadable(type) ? new(WriteObstacle.NotSearchable, $"the server cannot say which {type} it holds, so that one could be written twice")
            : WrittenTypes.IsProposal(type) && !can.Can("update") ? Lacking(can, "update", WriteObstacle.NotWithdrawable,
                $"the server takes no changes of a {type}, so that it could not be withdrawn", $"no scope to change a {type} was granted, so that it could not be withdrawn")
            : type is "MedicationRequest" or "RequestGroup" && WhyNot("RiskAssessment") is not null
                ? new(WriteObstacle.WithoutAssessment, "no RiskAssessment can be written, and no medicine is written without the assessment that explains it")
            : null);
    }

    /// <summary>Why a resource that is ours cannot be changed; null when it can.</summary>
    public Obstruction? WhyNotChanged(string type) => Always(type)
        ?? (capability[type].Can("update") ? null
            : Lacking(capability[type], "update", WriteObstacle.NotWithdrawable, $"the server takes no changes of a {type}", $"no scope to change a {type} was granted"));

    /// <summary>What is done about a resource that is not written.</summary>
    public WriteAction Instead(string type) => policy != WritePolicy.Report && WrittenTypes.IsProposal(type) ? WriteAction.Suggest : WriteAction.Report;

    /// <summary>The search parameter for the patient; null when there is none.</summary>
    public static string? PatientParameter(TypeCapability can) => can.CanSearchBy("patient") ? "patient" : can.CanSearchBy("subject") ? "subject" : null;

    /// <summary>The search parameter for what makes a resource of ours one of a kind; null when there is none.</summary>
    public static string? KeyParameter(string type, TypeCapability can) => (type == "Provenance" ? "_tag" : "identifier") is var name && can.CanSearchBy(name) ? name : null;

    /// <summary>Whether creation can be made conditional.</summary>
    public static bool IsConditional(string type, TypeCapability can) => can.ConditionalCreate && KeyParameter(type, can) is not null;

    private Obstruction? Always(string type) =>
        policy != WritePolicy.Write ? new(WriteObstacle.Policy, $"the write policy of this server is '{policy.ToString().ToLowerInvariant()}'")
        : refused.TryGetValue(type, out var why) ? new(WriteObstacle.Refused, why)
        : null;

    private static Obstruction Lacking(TypeCapability can, string interaction, WriteObstacle obstacle, string notOffered, string notGranted) =>
        can.Withheld.Contains(interaction) ? new(WriteObstacle.NotGranted, notGranted) : new(obstacle, notOffered);

    private bool IsReadable(string type) =>
        type == "Provenance" ? KeyParameter(type, capability[type]) is not null || capability[type].CanSearchBy("target") : PatientParameter(capability[type]) is not null;
}

/// <summary>Why something is not written.</summary>
/// <param name="Obstacle">What stands in the way.</param>
/// <param name="Reason">The same in one line.</param>
internal sealed record Obstruction(WriteObstacle Obstacle, string Reason);
