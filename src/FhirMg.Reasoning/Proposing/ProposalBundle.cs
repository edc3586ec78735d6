using System.Globalization;
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
            bundle.Entry.AddRange(Entries(new(assessment, language), _ => Placement.New));
        }

        return bundle;
    }

    /// <summary>The transaction of one assessment beside what is already there: only what is to be created, referring to the rest.</summary>
    /// <param name="assessment">The assessment.</param>
    /// <param name="language">The language of texts; the other stands in the standard translation extension.</param>
    /// <param name="place">Says of each resource, in order of dependency and with the identifier of its first generation, what becomes of it.</param>
    public static Bundle Of(Assessment assessment, Language language, Func<DomainResource, Placement> place) => new()
    {
        Type = Bundle.BundleType.Transaction,
        Entry = CanBeReferredTo(assessment) ? Entries(new(assessment, language), place) : [],
    };

    /// <summary>The identifier of a proposal that is made again, after as many with the same content were closed.</summary>
    public static string Again(string identifier, int generation) =>
        generation == 0 ? identifier : Digest.Of([identifier, generation.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Whether resources about the patient can be written: a Patient without an id cannot be referred to, and no proposal is made for the dead.</summary>
    public static bool CanBeReferredTo(Assessment assessment) =>
        !assessment.Features.Deceased && Composer.CanBeReferredTo(assessment.Features.Patient);

    private static List<Bundle.EntryComponent> Entries(Composer composer, Func<DomainResource, Placement> place)
    {
        var requests = new RequestResources(composer);
        var entries = new PlacedEntries(requests, place);
        entries.Add(AssessmentResources.RiskAssessment(composer));
        var issues = new List<(Rule, ResourceReference)>();
        foreach (var rule in composer.Assessment.Safety)
        {
            if (entries.Add(AssessmentResources.DetectedIssue(composer, rule)) is { Url: { } issue })
            {
                issues.Add((rule, new(issue)));
            }
        }

        var choices = new List<(MedicationRequest Request, Text Title, string? Url)>();
        foreach (var proposal in Proposal.Of(composer.Assessment))
        {
            foreach (var activity in proposal.Activities)
            {
                var request = requests.Request(proposal, activity, issues);
                var placed = entries.Add(request);
                if (placed.Counts && request is MedicationRequest medicine && proposal.Rule is Rule.Rx1 or Rule.Rx2 or Rule.Rx3)
                {
                    choices.Add((medicine, activity.Title, placed.Url));
                }
            }
        }

        if (choices.Count > 1)
        {
            // One that is left over of several is no choice.
            var identity = requests.AlternativesIdentity(choices.Select(choice => choice.Request.Identifier[0].Value!));
            entries.Add(requests.Alternatives(identity, choices.Select(choice => (choice.Title, choice.Url))), mayBeNew: choices.Count(choice => choice.Url is not null) > 1);
        }

        entries.AddProvenance(digest => Provenance(composer, entries.Targets, digest), composer.Url("identifier/assessment"));
        return entries.Entries;
    }

    // Provenance has no identifier, so its tag carries what makes it one of a kind.
    internal static Provenance Provenance(Composer composer, IEnumerable<string> targets, string digest)
    {
        var meta = composer.Meta("magnesium-provenance");
        meta.Tag.Add(new(composer.Url("identifier/assessment"), digest));
        return new()
        {
            Meta = meta,
            Target = [.. targets.Select(target => new ResourceReference(target))],
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
    }
}
