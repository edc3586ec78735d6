using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using Hl7.Fhir.Model;
using Evidence = FhirMg.Reasoning.Evaluation.Evidence;

namespace FhirMg.Reasoning.Proposing;

/// <summary>The RiskAssessment and the DetectedIssues: what was found.</summary>
internal static class AssessmentResources
{
    private const string RiskProbability = "http://terminology.hl7.org/CodeSystem/risk-probability";

    /// <summary>The assessment; its identifier is of the evidence with versions and of the conclusion.</summary>
    public static RiskAssessment RiskAssessment(Composer composer)
    {
        var assessment = composer.Assessment;
        var evidence = Evidence.Of(assessment);
        var resource = new RiskAssessment
        {
            Meta = composer.Meta("magnesium-risk-assessment"),
            Identifier = [composer.AssessmentIdentifier(Identity(assessment, evidence))],
            Status = evidence.Any(item => item.Preliminary) ? ObservationStatus.Preliminary : ObservationStatus.Final,
            Subject = composer.Patient(),
            Occurrence = composer.When,
            Basis = [.. evidence.Select(Composer.Reference)],
            Prediction = [.. Risk.Of(assessment).Select(risk => Prediction(composer, risk))],
            Note = [.. Notes(assessment).Select(composer.Note)],
        };
        if (Mitigation(composer) is { } mitigation)
        {
            resource.MitigationElement = composer.Say(mitigation);
        }

        resource.Extension.Add(new(composer.Url("StructureDefinition/serum-status"), composer.Term(assessment.Serum.Word())));
        resource.Extension.Add(new(composer.Url("StructureDefinition/deficiency-status"), composer.Term(assessment.Deficiency.Word())));
        resource.Extension.AddRange(AssessmentRules(assessment).Select(composer.RuleExtension));
        return resource;
    }

    /// <summary>A safety rule that fired.</summary>
    public static DetectedIssue DetectedIssue(Composer composer, Rule rule)
    {
        var assessment = composer.Assessment;
        var knowledge = composer.Knowledge[rule];
        var evidence = Evidence.Of(assessment, rule);
        return new()
        {
            Meta = composer.Meta("magnesium-detected-issue"),
            Extension = [composer.RuleExtension(rule)],
            Identifier = [composer.AssessmentIdentifier(Identity(assessment, rule, evidence))],
            Status = ObservationStatus.Final,
            Code = new() { TextElement = composer.Say(knowledge.Title) },
            Severity = knowledge.Severity switch
            {
                Severity.High => Hl7.Fhir.Model.DetectedIssue.DetectedIssueSeverity.High,
                Severity.Moderate => Hl7.Fhir.Model.DetectedIssue.DetectedIssueSeverity.Moderate,
                _ => Hl7.Fhir.Model.DetectedIssue.DetectedIssueSeverity.Low,
            },
            Patient = composer.Patient(),
            Identified = composer.When,
            Implicated = [.. evidence.Select(Composer.Reference)],
            DetailElement = composer.Say(knowledge.Message!),
        };
    }

    /// <summary>The value of the assessment's identifier.</summary>
    public static string Identity(Assessment assessment, IReadOnlyList<Evidence> evidence) =>
        Digest.Of(Parts([.. Subject(assessment), .. Conclusion(assessment)], evidence));

    /// <summary>The value of a safety finding's identifier.</summary>
    public static string Identity(Assessment assessment, Rule rule, IReadOnlyList<Evidence> evidence) =>
        Digest.Of(Parts([.. Subject(assessment), rule.Id(), assessment.BlockedBy(rule).ToString()], evidence));

    /// <summary>Patient, rule of the class, and knowledge version: what every identifier begins with.</summary>
    public static IEnumerable<string?> Subject(Assessment assessment) =>
        [assessment.Features.Patient, assessment.Knowledge.Canonical];

    /// <summary>What was concluded: any difference in it is another conclusion.</summary>
    private static IEnumerable<string?> Conclusion(Assessment assessment) =>
    [
        assessment.DeficiencyRule.Id(), assessment.Serum.Word(), assessment.Touched.ToString(), assessment.Fired.ToString(),
        assessment.Candidates.ToString(), assessment.NotChecked.ToString(), assessment.Knowledge.Disabled.ToString(),
        assessment.AttackRisk.Word(), assessment.CourseRisk.Word(),
    ];

    private static List<string?> Parts(List<string?> parts, IReadOnlyList<Evidence> evidence)
    {
        foreach (var item in evidence)
        {
            parts.AddRange([item.Resource, item.VersionId, item.Words, item.When]);
        }

        return parts;
    }

    private static IEnumerable<Rule> AssessmentRules(Assessment assessment)
    {
        yield return assessment.DeficiencyRule;
        foreach (var rule in assessment.Context.Union(assessment.Safety))
        {
            yield return rule;
        }

        if (assessment.Fired.Contains(Rule.Risk4))
        {
            yield return Rule.Risk4;
        }
    }

    private static IEnumerable<Text> Notes(Assessment assessment)
    {
        foreach (var rule in AssessmentRules(assessment).Where(rule => rule < Rule.Safe1))
        {
            if (assessment.Knowledge[rule].Message is { } message)
            {
                yield return message;
            }
        }

        foreach (var rule in assessment.NotChecked)
        {
            if (assessment.Knowledge[rule].NotChecked is { } notChecked)
            {
                yield return notChecked;
            }
        }
    }

    private static RiskAssessment.PredictionComponent Prediction(Composer composer, Risk risk)
    {
        var knowledge = composer.Knowledge[risk.Rule];
        var prediction = new RiskAssessment.PredictionComponent
        {
            Extension = [composer.RuleExtension(risk.Rule)],
            Outcome = composer.Term(risk.Outcome),
            RationaleElement = composer.Say(Rationale(knowledge, risk)),
        };
        if (risk.Level.Word() is { } level)
        {
            prediction.QualitativeRisk = new(RiskProbability, level);
        }

        // Odds ratios are neither probabilities nor relative risks, so they stand in an extension of their own.
        foreach (var ratio in knowledge.OddsRatios)
        {
            prediction.Extension.Add(new()
            {
                Url = composer.Url("StructureDefinition/odds-ratio"),
                Extension =
                [
                    new("value", new FhirDecimal(ratio.Value)), new("comparison", composer.Say(ratio.Comparison)),
                    new("study", new FhirString(ratio.Study)), new("groups", composer.Say(ratio.Groups)),
                ],
            });
        }

        return prediction;
    }

    /// <summary>The words of a risk: RISK-2 speaks otherwise of a moderate risk, RISK-3 of one without a level.</summary>
    internal static Text Rationale(RuleKnowledge knowledge, Risk risk) =>
        (risk.Rule == Rule.Risk2 && risk.Level == RiskLevel.Moderate) || (risk.Rule == Rule.Risk3 && risk.Level == RiskLevel.Unlevelled)
            ? knowledge.Note ?? knowledge.Message!
            : knowledge.Message!;

    private static Text? Mitigation(Composer composer)
    {
        var titles = Proposal.Of(composer.Assessment).SelectMany(proposal => proposal.Activities).Select(activity => activity.Title).ToList();
        return titles.Count == 0 ? null : Composer.Join(titles, "; ");
    }
}
