using System.Text.Json.Nodes;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace FhirMg.Fhir.Writing;

/// <summary>A resource that an assessment asks for.</summary>
/// <param name="Resource">The resource as composed; its identifier is that of its first generation until it is placed.</param>
/// <param name="Type">Its type.</param>
/// <param name="Identifier">The identifier that it was composed with.</param>
/// <param name="Rule">The rule that it follows from; null where several do.</param>
/// <param name="Slot">What is proposed, apart from the conclusion.</param>
internal sealed record Wanted(DomainResource Resource, string Type, string Identifier, Rule? Rule, string Slot)
{
    /// <summary>Canonical of its ActivityDefinition; null where there is none.</summary>
    public string? Activity { get; init; }

    public Placement Placement { get; init; } = Placement.New;

    public WriteAction Action { get; init; } = WriteAction.Create;

    public WriteState State { get; init; } = WriteState.NoProposalYet;

    public string Reason { get; init; } = "nothing of the kind is there";

    public WriteObstacle? Obstacle { get; init; }

    public OursOnServer? Held { get; init; }

    public static Wanted From(DomainResource resource, Names names)
    {
        var type = resource.TypeName;
        var rule = type != "RiskAssessment" && resource.GetExtensionValue<Code>(names.Rule)?.Value is { } code && RuleIds.TryParse(code, out var known) ? known : (Rule?)null;
        var (activity, encounter) = resource switch
        {
            MedicationRequest medicine => (medicine.InstantiatesCanonical.FirstOrDefault(), medicine.Encounter?.Reference),
            ServiceRequest service => (service.InstantiatesCanonical.FirstOrDefault(), null),
            Hl7.Fhir.Model.Task task => (task.InstantiatesCanonical, null),
            _ => (null, null),
        };
        var identifier = resource is Provenance provenance
            ? provenance.Meta!.Tag.First(tag => tag.System == names.AssessmentSystem).Code!
            : ((IIdentifiable<List<Identifier>>)resource).Identifier[0].Value!;
        return new(resource, type, identifier, rule, WrittenTypes.Slot(type, rule, activity, encounter)) { Activity = activity };
    }

    /// <summary>The step that this is.</summary>
    /// <param name="names">Our names.</param>
    /// <param name="entry">Its entry in the transaction; null when it is not created.</param>
    public WriteStep Step(Names names, Bundle.EntryComponent? entry) =>
        new(Action, State, Type, ProposalBundle.Again(Identifier, Type == "Provenance" ? 0 : Placement.Generation), Reason)
        {
            Rule = Rule,
            Activity = Activity,
            Held = Held,
            Obstacle = Obstacle,
            Resource = Action is WriteAction.Create ? Sealed(names) : Action is WriteAction.Suggest ? Json() : null,
            FullUrl = entry?.FullUrl,
            IfNoneExist = entry?.Request?.IfNoneExist,
        };

    private JsonObject Json() => JsonNode.Parse(new FhirJsonSerializer().SerializeToString(Resource))!.AsObject();

    private JsonObject Sealed(Names names)
    {
        var json = Json();
        if (Type != "Provenance")
        {
            Fingerprint.Seal(json, names);
        }

        return json;
    }
}
