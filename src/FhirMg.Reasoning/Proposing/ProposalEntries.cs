using System.Buffers;
using System.Text;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using Hl7.Fhir.Model;
using Evidence = FhirMg.Reasoning.Evaluation.Evidence;
using Shape = FhirMg.Reasoning.Proposing.ProposalWriter.Shape;

namespace FhirMg.Reasoning.Proposing;

/// <summary>The entries of one assessment's transaction, each from its template: the same, in the same order, as <see cref="ProposalBundle"/> makes.</summary>
internal sealed class ProposalEntries(IBufferWriter<byte> output, Composer composer, Func<Shape, Func<DomainResource>, ResourceTemplate> template)
{
    private readonly RequestResources _requests = new(composer);
    private readonly IReadOnlyList<Evidence> _evidence = Evidence.Of(composer.Assessment);
    private readonly List<string> _urls = [];

    private Assessment Assessment => composer.Assessment;

    private byte[][] EvidenceJson => field ??= composer.References.To(_evidence);

    public void Write()
    {
        output.Write(",\"entry\":["u8);
        WriteRiskAssessment();
        var issues = new List<(Rule Rule, string Url)>();
        foreach (var rule in Assessment.Safety)
        {
            var evidence = Evidence.Of(Assessment, rule);
            var identifier = AssessmentResources.Identity(Assessment, rule, evidence);
            issues.Add((rule, Entry(ShapeOf("DetectedIssue", rule), () => AssessmentResources.DetectedIssue(composer, rule), AssessmentSystem,
                Own(identifier) with { Supporting = composer.References.To(evidence) })));
        }

        var choices = new List<(string Identifier, Activity Activity, string Url)>();
        foreach (var proposal in Proposal.Of(Assessment))
        {
            foreach (var activity in proposal.Activities)
            {
                var (identifier, url) = WriteRequest(proposal, activity, issues);
                if (activity.Kind == "MedicationRequest" && proposal.Rule is Rule.Rx1 or Rule.Rx2 or Rule.Rx3)
                {
                    choices.Add((identifier, activity, url));
                }
            }
        }

        if (choices.Count > 1)
        {
            WriteAlternatives(choices);
        }

        WriteProvenance();
        output.Write("]"u8);
    }

    private string AssessmentSystem => composer.Url("identifier/assessment");

    private string ProposalSystem => composer.Url("identifier/proposal");

    private Shape ShapeOf(string type, Rule rule = default) => new(composer.Knowledge, type, rule, "", default, default, default, default);

    private OwnContent Own(string identifier) => new() { Identifier = identifier, Subject = composer.PatientJson, Authored = composer.WhenJson };

    private void WriteRiskAssessment()
    {
        var notes = RuleSet.None;
        foreach (var rule in Assessment.Proposed)
        {
            notes = notes.With(rule, Assessment.IsNote(rule));
        }

        var shape = ShapeOf("RiskAssessment") with
        {
            Deficiency = Assessment.Deficiency,
            Conclusion = new(Assessment.Fired, Assessment.Candidates, Assessment.Proposed, notes, Assessment.NotChecked, Assessment.Serum,
                Assessment.AttackRisk, Assessment.CourseRisk, Assessment.Features.HasMigraine, _evidence.Any(item => item.Preliminary)),
        };
        Entry(shape, () => AssessmentResources.RiskAssessment(composer), AssessmentSystem,
            Own(AssessmentResources.Identity(Assessment, _evidence)) with { Supporting = EvidenceJson });
    }

    private (string Identifier, string Url) WriteRequest(Proposal proposal, Activity activity, List<(Rule Rule, string Url)> issues)
    {
        var own = _requests.Own(proposal.Rule, activity);
        var warnings = Assessment.WarningsBeside(proposal.Rule);
        var url = Entry(
            ShapeOf(activity.Kind, proposal.Rule) with { What = activity.Id, Notes = Assessment.NotesBeside(proposal.Rule), Deficiency = Assessment.Deficiency },
            () => _requests.Request(proposal, activity, []), ProposalSystem,
            own with { Siblings = [.. issues.Where(issue => warnings.Contains(issue.Rule)).Select(issue => issue.Url)] });
        return (own.Identifier, url);
    }

    private void WriteAlternatives(List<(string Identifier, Activity Activity, string Url)> choices)
    {
        var identifier = _requests.AlternativesIdentity(choices.Select(choice => choice.Identifier));
        var shape = ShapeOf("RequestGroup") with { What = string.Join(' ', choices.Select(choice => choice.Activity.Id)), Deficiency = Assessment.Deficiency };
        Entry(shape, () => _requests.Alternatives(identifier, choices.Select(choice => (choice.Activity.Title, (string?)choice.Url))), ProposalSystem,
            Own(identifier) with { Siblings = [.. choices.Select(choice => choice.Url)] });
    }

    private void WriteProvenance()
    {
        var digest = Digest.Of(_urls);
        output.Write(",{\"fullUrl\":"u8);
        JsonText.Write(output, Digest.Uuid(digest));
        output.Write(",\"resource\":"u8);
        template(ShapeOf("Provenance") with { Recorded = Assessment.Features.AsOf }, () => ProposalBundle.Provenance(composer, _urls, digest))
            .Write(output, Own(digest) with { Siblings = _urls, Supporting = EvidenceJson });
        Request("Provenance", $"_tag={Uri.EscapeDataString($"{AssessmentSystem}|{digest}")}");
    }

    private string Entry(in Shape shape, Func<DomainResource> compose, string system, OwnContent own)
    {
        var url = Digest.Uuid(Digest.Of([shape.Type, own.Identifier]));
        output.Write(_urls.Count == 0 ? "{\"fullUrl\":"u8 : ",{\"fullUrl\":"u8);
        _urls.Add(url);
        JsonText.Write(output, url);
        output.Write(",\"resource\":"u8);
        template(shape, compose).Write(output, own);
        Request(shape.Type, $"identifier={Uri.EscapeDataString($"{system}|{own.Identifier}")}");
        return url;
    }

    private void Request(string type, string ifNoneExist)
    {
        output.Write(",\"request\":{\"method\":\"POST\",\"url\":"u8);
        JsonText.Write(output, type);
        output.Write(",\"ifNoneExist\":"u8);
        JsonText.Write(output, ifNoneExist);
        output.Write("}}"u8);
    }
}
