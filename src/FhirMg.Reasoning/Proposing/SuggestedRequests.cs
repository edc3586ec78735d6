using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using Hl7.Fhir.Model;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Proposing;

/// <summary>
/// The requests of one assessment that a person may accept one by one: each what a write-back would create, but standing alone, so without
/// references to resources written with it.
/// </summary>
/// <param name="assessment">The assessment.</param>
/// <param name="language">The language of the texts.</param>
public sealed class SuggestedRequests(Assessment assessment, Language language)
{
    // By the knowledge itself, not by what it says: to compare that would cost more than to compose anew.
    private static readonly ConditionalWeakTable<Knowledge, ConcurrentDictionary<Shape, ResourceTemplate>> Templates = [];

    private readonly RequestResources _requests = new(new(assessment, language));
    private readonly ConcurrentDictionary<Shape, ResourceTemplate> _templates = Templates.GetValue(assessment.Knowledge, _ => new());

    /// <summary>The request of one activity that a rule proposes.</summary>
    public DomainResource Compose(Proposal proposal, Activity activity) => _requests.Request(proposal, activity, []);

    /// <summary>Writes the same as JSON, from what was composed before for other patients: only what is the patient's is new.</summary>
    public void Write(IBufferWriter<byte> output, Proposal proposal, Activity activity)
    {
        var shape = new Shape(language, proposal.Rule, activity.Id, assessment.NotesBeside(proposal.Rule), assessment.Deficiency);
        if (!_templates.TryGetValue(shape, out var template))
        {
            template = _templates.GetOrAdd(shape, ResourceTemplate.Of(Compose(proposal, activity)));
        }

        template.Write(output, _requests.Own(proposal.Rule, activity));
    }

    private readonly record struct Shape(Language Language, Rule Rule, string Activity, RuleSet Notes, Deficiency Deficiency);
}
