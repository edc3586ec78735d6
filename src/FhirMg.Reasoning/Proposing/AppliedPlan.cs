using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using Hl7.Fhir.Model;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Proposing;

/// <summary>
/// An assessment as <c>PlanDefinition/$apply</c> answers it in R4: a CarePlan with a contained RequestGroup, whose actions refer to the
/// proposals, all contained too. Nothing of it is written anywhere.
/// </summary>
public static class AppliedPlan
{
    private const string Group = "request-group";

    /// <summary>The care plan.</summary>
    /// <param name="assessment">What was concluded. A deceased patient's plan has no activity.</param>
    /// <param name="language">The language of texts; the other stands in the standard translation extension.</param>
    /// <param name="encounter">Reference to the encounter that the plan is applied in; null for none.</param>
    /// <exception cref="ArgumentException">The patient has no id, so nothing can refer to it: see <see cref="ProposalBundle.CanBeReferredTo"/>.</exception>
    public static CarePlan Of(Assessment assessment, Language language, string? encounter = null)
    {
        if (!Composer.CanBeReferredTo(assessment.Features.Patient))
        {
            throw new ArgumentException("a Patient without an id cannot be referred to", nameof(assessment));
        }

        var composer = new Composer(assessment, language);
        var contained = Contained(ProposalBundle.Of(assessment, language, _ => Placement.New));
        var actions = Actions(composer, contained).ToList();
        var plan = new CarePlan
        {
            Meta = new() { Tag = [new(composer.Url("CodeSystem/fhirmg"), "generated")] },
            InstantiatesCanonical = [assessment.Knowledge.Canonical],
            Status = RequestStatus.Draft,
            Intent = CarePlan.CarePlanIntent.Proposal,
            TitleElement = composer.Say(assessment.Knowledge.Title),
            Subject = composer.Patient(),
            Encounter = encounter is null ? null : new(encounter),
            CreatedElement = composer.When,
            Contained = [.. contained],
            SupportingInfo = [.. contained.Where(resource => resource is RiskAssessment or DetectedIssue).Select(Local)],
        };
        if (actions.Count > 0)
        {
            plan.Contained.Add(new RequestGroup
            {
                Id = Group,
                InstantiatesCanonical = [assessment.Knowledge.Canonical],
                Status = RequestStatus.Draft,
                Intent = RequestIntent.Proposal,
                Subject = composer.Patient(),
                Encounter = encounter is null ? null : new(encounter),
                AuthoredOnElement = composer.When,
                Action = actions,
            });
            plan.Activity.Add(new() { Reference = new($"#{Group}") });
        }

        return plan;
    }

    // The transaction's resources, each by an id of its own, refer to each other inside the plan. The choice becomes an action, and
    // Provenance speaks of what is written.
    private static List<DomainResource> Contained(Bundle transaction)
    {
        var contained = new List<DomainResource>();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in transaction.Entry.Where(entry => entry.Resource is not (null or RequestGroup or Provenance)))
        {
            var resource = (DomainResource)entry.Resource!;
            resource.Id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kebab(resource.TypeName)}-{contained.Count + 1}");
            places[entry.FullUrl!] = $"#{resource.Id}";
            contained.Add(resource);
        }

        foreach (var reference in contained.SelectMany(References).Where(reference => reference.Reference is not null))
        {
            reference.Reference = places.GetValueOrDefault(reference.Reference!, reference.Reference!);
        }

        return contained;
    }

    private static IEnumerable<RequestGroup.ActionComponent> Actions(Composer composer, IReadOnlyList<DomainResource> contained)
    {
        var requests = contained.Where(resource => resource is MedicationRequest or ServiceRequest or Hl7.Fhir.Model.Task or CommunicationRequest).ToList();
        var alternatives = requests.Where(request => IsAlternative(composer, request)).ToList();
        if (alternatives.Count > 1)
        {
            var rule = composer.Knowledge[Rule.Rx3];
            yield return new()
            {
                TitleElement = composer.Say(rule.Title),
                TextEquivalentElement = composer.Say(rule.Message!),
                SelectionBehavior = ActionSelectionBehavior.AtMostOne,
                Action = [.. alternatives.Select(request => Action(composer, request))],
            };
        }

        foreach (var request in requests.Where(request => alternatives.Count < 2 || !alternatives.Contains(request)))
        {
            yield return Action(composer, request);
        }
    }

    private static bool IsAlternative(Composer composer, DomainResource request) => RuleOf(composer, request) is Rule.Rx1 or Rule.Rx2 or Rule.Rx3;

    private static RequestGroup.ActionComponent Action(Composer composer, DomainResource request)
    {
        var rule = composer.Knowledge[RuleOf(composer, request)!.Value];
        return new()
        {
            Extension = [composer.RuleExtension(rule.Rule)],
            TitleElement = composer.Say(rule.Title),
            DescriptionElement = rule.Message is { } message ? composer.Say(message) : null,
            Documentation = [.. rule.Citations.Select(label => new RelatedArtifact
            {
                Type = RelatedArtifact.RelatedArtifactType.Citation, Label = label, CitationElement = composer.Markdown(composer.Knowledge.Citations[label].Words),
            })],
            Resource = Local(request),
        };
    }

    private static Rule? RuleOf(Composer composer, DomainResource resource) =>
        resource.GetExtension(composer.Url("StructureDefinition/rule"))?.Value is Code code && RuleIds.TryParse(code.Value ?? "", out var rule) ? rule : null;

    private static ResourceReference Local(DomainResource resource) => new($"#{resource.Id}");

    private static string Kebab(string type) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(type);

    private static IEnumerable<ResourceReference> References(Base element) => element.EnumerateElements()
        .SelectMany(pair => pair.Value as IEnumerable<Base> ?? (pair.Value is Base single ? [single] : []))
        .SelectMany(child => child is ResourceReference reference ? [reference] : References(child));
}
