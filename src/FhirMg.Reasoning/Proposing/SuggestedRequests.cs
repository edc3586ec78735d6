using System.Buffers;
using System.Collections.Concurrent;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using Hl7.Fhir.Model;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Proposing;

/// <summary>
/// The requests that a person may accept one by one: each what a write-back would create, but standing alone, so without references to
/// resources written with it. Safe for use by many at once.
/// </summary>
public static class SuggestedRequests
{
    private static readonly ConcurrentDictionary<(Knowledge, Language, Rule, string Activity, RuleSet Notes, Deficiency), ResourceTemplate> Templates = new();

    /// <summary>The request of one activity that a rule proposes.</summary>
    public static DomainResource Compose(Assessment assessment, Proposal proposal, Activity activity, Language language) =>
        new RequestResources(new(assessment, language)).Request(proposal, activity, []);

    /// <summary>Writes the same as JSON, from what was composed before for other patients: only what is the patient's is new.</summary>
    public static void Write(IBufferWriter<byte> output, Assessment assessment, Proposal proposal, Activity activity, Language language)
    {
        var requests = new RequestResources(new(assessment, language));
        var notes = RuleSet.Of([.. requests.NotesBeside(proposal.Rule)]);
        var key = (assessment.Knowledge, language, proposal.Rule, activity.Id, notes, assessment.Deficiency);
        if (!Templates.TryGetValue(key, out var template))
        {
            template = Templates.GetOrAdd(key, ResourceTemplate.Of(Compose(assessment, proposal, activity, language)));
        }

        template.Write(output, requests.Own(proposal.Rule, activity));
    }
}
