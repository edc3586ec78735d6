using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using Hl7.Fhir.Model;
using Evidence = FhirMg.Reasoning.Evaluation.Evidence;

namespace FhirMg.Reasoning.Proposing;

/// <summary>The requests: what is proposed. Every one is a draft, and a proposal where its type has an intent.</summary>
internal sealed class RequestResources(Composer composer)
{
    // Several requests rest on the same evidence: the alternatives of a medicine do.
    private readonly List<RequestEvidence> _evidence = [];
    private readonly Grounds _grounds = new(composer.Assessment, new(ReferenceEqualityComparer.Instance));
    private readonly string _canonical = composer.Knowledge.Canonical;

    private Assessment Assessment => composer.Assessment;

    /// <summary>The resource of one activity that a rule proposes.</summary>
    /// <param name="proposal">What is proposed.</param>
    /// <param name="activity">Its activity.</param>
    /// <param name="issues">The safety findings that bear on it.</param>
    public DomainResource Request(Proposal proposal, Activity activity, IReadOnlyList<(Rule Rule, ResourceReference Reference)> issues)
    {
        var definition = composer.Define(activity);
        return activity.Kind switch
        {
            "MedicationRequest" => Medication(proposal.Rule, activity, definition, issues),
            "ServiceRequest" => Service(proposal.Rule, activity, definition),
            "Task" => Work(proposal.Rule, activity, definition),
            "CommunicationRequest" => Advice(proposal.Rule, activity),
            _ => throw new KnowledgeException($"ActivityDefinition-{activity.Id}.json: kind: '{activity.Kind}' is none that is proposed"),
        };
    }

    /// <summary>The choice between the leading medicine and its alternatives: at most one.</summary>
    /// <param name="identifier">The value of its identifier: <see cref="AlternativesIdentity"/>.</param>
    /// <param name="choices">All of them; those without an url are part of the choice, but not on offer any more.</param>
    public RequestGroup Alternatives(string identifier, IEnumerable<(Text Title, string? Url)> choices) => new()
    {
        Meta = composer.Meta("magnesium-alternatives"),
        Extension = [composer.RuleExtension(Rule.Rx3), composer.ClassExtension()],
        Identifier = [composer.ProposalIdentifier(identifier)],
        Status = RequestStatus.Draft,
        Intent = RequestIntent.Proposal,
        Subject = composer.Patient(),
        AuthoredOnElement = composer.When,
        Action =
        [
            new()
            {
                TitleElement = composer.Say(composer.Knowledge[Rule.Rx3].Title),
                TextEquivalentElement = composer.Say(composer.Knowledge[Rule.Rx3].Message!),
                SelectionBehavior = ActionSelectionBehavior.AtMostOne,
                Action = [.. choices.Where(choice => choice.Url is not null).Select(choice => new RequestGroup.ActionComponent
                {
                    TitleElement = composer.Say(choice.Title),
                    Resource = new(choice.Url),
                })],
            },
        ],
    };

    /// <summary>The value of the identifier of a choice between proposals with the given ones.</summary>
    public string AlternativesIdentity(IEnumerable<string> choices) =>
        Digest.Of([.. AssessmentResources.Subject(Assessment), Rule.Rx3.Id(), "RequestGroup", .. choices]);

    /// <summary>What of a request is the patient's own, but for the safety findings beside it.</summary>
    public OwnContent Own(Rule rule, Activity activity)
    {
        var evidence = EvidenceFor(rule);
        return new()
        {
            Identifier = Identity(rule, activity),
            Subject = composer.PatientJson,
            Authored = composer.WhenJson,
            Encounter = EncounterOf(rule) is { } encounter ? ReferenceJson.To(encounter) : null,
            Reasons = evidence.ReasonsJson,
            Supporting = evidence.SupportingJson,
        };
    }

    /// <summary>Makes a proposal refer to the one that it takes the place of.</summary>
    public void Replace(DomainResource proposal, string replaced)
    {
        switch (proposal)
        {
            case MedicationRequest medicine:
                medicine.PriorPrescription = new(replaced);
                break;
            case ServiceRequest service:
                service.Replaces.Add(new(replaced));
                break;
            case CommunicationRequest advice:
                advice.Replaces.Add(new(replaced));
                break;
            case RequestGroup group:
                group.Replaces.Add(new(replaced));
                break;
            default:
                proposal.Extension.Add(new(composer.Url("StructureDefinition/replaces"), new ResourceReference(replaced)));
                break;
        }
    }

    private MedicationRequest Medication(Rule rule, Activity activity, ActivityDefinition definition, IReadOnlyList<(Rule Rule, ResourceReference Reference)> issues)
    {
        var beside = Assessment.NotesBeside(rule);
        var warnings = Assessment.WarningsBeside(rule);
        var evidence = EvidenceFor(rule);
        var request = new MedicationRequest
        {
            Meta = composer.Meta("magnesium-medication-request-proposal"),
            Extension = [composer.RuleExtension(rule), composer.ClassExtension()],
            Identifier = [Identify(rule, activity)],
            Status = MedicationRequest.MedicationrequestStatus.Draft,
            Intent = MedicationRequest.MedicationRequestIntent.Proposal,
            Priority = definition.Priority,
            Medication = definition.Product!,
            Subject = composer.Patient(),
            Encounter = EncounterOf(rule) is { } attack ? new(attack) : null,
            AuthoredOnElement = composer.When,
            InstantiatesCanonical = [activity.Canonical],
            ReasonReference = [.. evidence.Reasons.Select(Composer.Reference)],
            SupportingInformation = [.. evidence.Supporting.Select(Composer.Reference)],
            DetectedIssue = [.. issues.Where(issue => warnings.Contains(issue.Rule)).Select(issue => issue.Reference)],
            DosageInstruction = [.. definition.Dosage],
            Note = [.. NoteTexts(rule, activity, beside).Select(composer.Note)],
        };
        if (activity.DoseBasis is { } basis)
        {
            request.Extension.Add(new(composer.Url("StructureDefinition/dose-basis"), composer.Say(basis)));
        }

        return request;
    }

    private IEnumerable<Text> NoteTexts(Rule rule, Activity activity, RuleSet beside)
    {
        yield return composer.Knowledge[rule].Message!;
        foreach (var note in beside)
        {
            yield return composer.Knowledge[note].Note ?? composer.Knowledge[note].Message!;
        }

        if (activity.DoseBasis is { } basis)
        {
            yield return basis;
        }
    }

    private ServiceRequest Service(Rule rule, Activity activity, ActivityDefinition definition) => new()
    {
        Meta = composer.Meta("magnesium-service-request-proposal"),
        Extension = [composer.RuleExtension(rule), composer.ClassExtension()],
        Identifier = [Identify(rule, activity)],
        Status = RequestStatus.Draft,
        Intent = RequestIntent.Proposal,
        Priority = definition.Priority,
        Code = definition.Code,
        Subject = composer.Patient(),
        Occurrence = definition.Timing,
        AuthoredOnElement = composer.When,
        InstantiatesCanonical = [activity.Canonical],
        ReasonReference = [.. EvidenceFor(rule).Reasons.Select(Composer.Reference)],
        SupportingInfo = [.. EvidenceFor(rule).Supporting.Select(Composer.Reference)],
        Note = [composer.Note(composer.Knowledge[rule].Message!)],
    };

    private Hl7.Fhir.Model.Task Work(Rule rule, Activity activity, ActivityDefinition definition) => new()
    {
        Meta = composer.Meta("magnesium-task-proposal"),
        Extension = [composer.RuleExtension(rule), composer.ClassExtension()],
        Identifier = [Identify(rule, activity)],
        Status = Hl7.Fhir.Model.Task.TaskStatus.Draft,
        Intent = Hl7.Fhir.Model.Task.TaskIntent.Proposal,
        Priority = definition.Priority,
        Code = definition.Code ?? new() { TextElement = composer.Say(activity.Title) },
        DescriptionElement = composer.Say(composer.Knowledge[rule].Message!),
        For = composer.Patient(),
        AuthoredOnElement = composer.When,
        InstantiatesCanonical = activity.Canonical,
        Input = rule == Rule.Ask1
            ? [new() { Type = new() { TextElement = composer.Say(activity.Title) }, Value = new Canonical(composer.Knowledge.QuestionnaireUrl) }]
            : [],
    };

    private CommunicationRequest Advice(Rule rule, Activity activity) => new()
    {
        Meta = composer.Meta("magnesium-communication-request-proposal"),
        Extension = [composer.RuleExtension(rule), composer.ClassExtension()],
        Identifier = [Identify(rule, activity)],
        Status = RequestStatus.Draft,
        Priority = RequestPriority.Routine,
        Subject = composer.Patient(),
        AuthoredOnElement = composer.When,
        Payload = [new() { Content = composer.Say(composer.Knowledge[rule].Message!) }],
        ReasonReference = [.. EvidenceFor(rule).Reasons.Select(Composer.Reference)],
    };

    // Proposals follow the conclusion: new evidence for the same content is the same proposal. The class is part of the conclusion.
    private Identifier Identify(Rule rule, Activity activity) => composer.ProposalIdentifier(Identity(rule, activity));

    /// <summary>The value of the identifier that the request of a rule's activity has.</summary>
    public string Identity(Rule rule, Activity activity)
    {
        var text = new DigestText(stackalloc byte[DigestText.CommonLength]);
        text.Add(Assessment.Features.Patient);
        text.Add(_canonical);
        text.Add(rule.Id());
        text.Add(activity.Canonical);
        if (activity.Kind == "MedicationRequest")
        {
            foreach (var note in Assessment.NotesBeside(rule))
            {
                text.Add(note.Id());
            }

            foreach (var warning in Assessment.WarningsBeside(rule))
            {
                text.Add(warning.Id());
            }
        }

        text.Add(Assessment.Deficiency.Word());
        text.Add(Attack(rule));
        return text.End();
    }

    private RequestEvidence EvidenceFor(Rule rule)
    {
        foreach (var known in _evidence)
        {
            if (known.Rule == rule)
            {
                return known;
            }
        }

        var found = RequestEvidence.Of(rule, _grounds.Of(rule, Assessment.NotesBeside(rule)), composer.References);
        _evidence.Add(found);
        return found;
    }

    /// <summary>The encounter that an injection is for, where it can be referred to; null for anything else.</summary>
    public string? EncounterOf(Rule rule) => Attack(rule) is { } attack && Composer.CanBeReferredTo(attack) ? attack : null;

    // An injection is for one attack: what is decided in it says nothing about the next.
    private string? Attack(Rule rule) => rule is Rule.Rx6 or Rule.Rx7 ? (Assessment.Features.AuraStatus ?? Assessment.Features.AcuteAttack)?.Name : null;
}
