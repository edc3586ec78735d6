using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using Hl7.Fhir.Model;
using Evidence = FhirMg.Reasoning.Evaluation.Evidence;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Proposing;

/// <summary>Assessments as FHIR R4: one transaction of conditional creates, so that writing it twice writes it once.</summary>
public static class ProposalBundle
{
    /// <summary>The transaction of several assessments; a deceased patient adds nothing to it.</summary>
    /// <param name="assessments">The assessments.</param>
    /// <param name="language">The language of texts; the other stands in the standard translation extension.</param>
    public static Bundle Of(IEnumerable<Assessment> assessments, Language language)
    {
        var bundle = new Bundle { Type = Bundle.BundleType.Transaction };
        foreach (var assessment in assessments.Where(CanBeReferredTo))
        {
            bundle.Entry.AddRange(Entries(new(assessment, language)));
        }

        return bundle;
    }

    /// <summary>Whether resources about the patient can be written: a Patient without an id cannot be referred to, and no proposal is made for the dead.</summary>
    public static bool CanBeReferredTo(Assessment assessment) =>
        !assessment.Features.Deceased && Composer.CanBeReferredTo(assessment.Features.Patient);

    private static List<Bundle.EntryComponent> Entries(Composer composer)
    {
        var entries = new List<Bundle.EntryComponent>();
        Add(entries, AssessmentResources.RiskAssessment(composer));
        var issues = new List<(Rule, ResourceReference)>();
        foreach (var rule in composer.Assessment.Safety)
        {
            issues.Add((rule, new(Add(entries, AssessmentResources.DetectedIssue(composer, rule)))));
        }

        var requests = new RequestResources(composer);
        var choices = new List<(MedicationRequest, Text, string)>();
        foreach (var proposal in Proposal.Of(composer.Assessment))
        {
            foreach (var activity in proposal.Activities)
            {
                var request = requests.Request(proposal, activity, issues);
                var url = Add(entries, request);
                if (request is MedicationRequest medicine && proposal.Rule is Rule.Rx1 or Rule.Rx2 or Rule.Rx3)
                {
                    choices.Add((medicine, activity.Title, url));
                }
            }
        }

        if (choices.Count > 1)
        {
            Add(entries, requests.Alternatives(choices));
        }

        entries.Add(Provenance(composer, entries));
        return entries;
    }

    private static string Add(List<Bundle.EntryComponent> entries, DomainResource resource)
    {
        var identifier = Identifier(resource);
        var url = Digest.Uuid(Digest.Of([resource.TypeName, identifier.Value]));
        entries.Add(new()
        {
            FullUrl = url,
            Resource = resource,
            Request = Create(resource.TypeName, $"identifier={Uri.EscapeDataString($"{identifier.System}|{identifier.Value}")}"),
        });
        return url;
    }

    private static Identifier Identifier(DomainResource resource) => ((IIdentifiable<List<Identifier>>)resource).Identifier[0];

    private static Bundle.RequestComponent Create(string type, string ifNoneExist) => new()
    {
        Method = Bundle.HTTPVerb.POST,
        Url = type,
        IfNoneExist = ifNoneExist,
    };

    // Provenance has no identifier, so its tag carries what makes it one of a kind.
    private static Bundle.EntryComponent Provenance(Composer composer, List<Bundle.EntryComponent> targets)
    {
        var digest = Digest.Of(targets.Select(target => target.FullUrl));
        var meta = composer.Meta("magnesium-provenance");
        meta.Tag.Add(new(composer.Url("identifier/assessment"), digest));
        var provenance = new Provenance
        {
            Meta = meta,
            Target = [.. targets.Select(target => new ResourceReference(target.FullUrl))],
            RecordedElement = new(composer.Assessment.Features.AsOf),
            Activity = new("http://terminology.hl7.org/CodeSystem/v3-DataOperation", "CREATE"),
            Agent =
            [
                new()
                {
                    Type = new("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "assembler"),
                    Who = new() { Display = $"FhirMg {typeof(ProposalBundle).Assembly.GetName().Version?.ToString(3)}, {composer.Knowledge.Canonical}" },
                },
            ],
            Entity = [.. Evidence.Of(composer.Assessment).Select(evidence => new Provenance.EntityComponent
            {
                Role = Hl7.Fhir.Model.Provenance.ProvenanceEntityRole.Source,
                What = Composer.Reference(evidence),
            })],
        };
        return new()
        {
            FullUrl = Digest.Uuid(digest),
            Resource = provenance,
            Request = Create("Provenance", $"_tag={Uri.EscapeDataString($"{composer.Url("identifier/assessment")}|{digest}")}"),
        };
    }
}
