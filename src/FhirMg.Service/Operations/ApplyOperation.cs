using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Model;

namespace FhirMg.Service.Operations;

/// <summary><c>PlanDefinition/$apply</c> (R4): a CarePlan with a contained RequestGroup.</summary>
internal static class ApplyOperation
{
    /// <summary>Refuses an input that no plan can be applied to.</summary>
    /// <param name="knowledge">What is published.</param>
    /// <param name="id">Id of the plan in the address; null on the type level.</param>
    /// <param name="input">What is asked.</param>
    /// <exception cref="FhirProblemException">There is no such plan, or nobody to apply it to.</exception>
    public static void Require(Publication knowledge, string? id, OperationInput input)
    {
        var plan = id is not null ? knowledge.Find("PlanDefinition", id)?.Url : input.PlanDefinition?.Split('|')[0];
        if (id is null && plan is null)
        {
            throw FhirProblemException.Required($"planDefinition is needed: {knowledge.Knowledge.Canonical}, or apply PlanDefinition/{{id}}/$apply");
        }

        if (plan != knowledge.Knowledge.Url || (input.PlanDefinition?.Split('|') is [_, var version] && version != knowledge.Knowledge.Version))
        {
            throw FhirProblemException.NotFound($"there is no such PlanDefinition here; there is {knowledge.Knowledge.Canonical}");
        }

        if (input.Subject is null)
        {
            throw FhirProblemException.Required("subject is needed: whom the plan is applied to, as Patient/id");
        }
    }

    /// <summary>The care plan of the one patient asked for.</summary>
    /// <exception cref="FhirProblemException">The patient cannot be referred to.</exception>
    public static CarePlan Answer(EvaluatedInput evaluated, string? encounter)
    {
        var assessment = evaluated.Assessments[0];
        if (assessment.Features.Patient.Contains('#', StringComparison.Ordinal))
        {
            throw new FhirProblemException(StatusCodes.Status422UnprocessableEntity, OperationOutcome.IssueType.Invalid, "the Patient has no id, so nothing can refer to it: give it one");
        }

        var plan = AppliedPlan.Of(assessment, evaluated.Language, encounter);
        if (evaluated.Warnings.Count > 0)
        {
            var outcome = Outcomes.Warnings(evaluated.Warnings);
            outcome.Id = "outcome";
            plan.Contained.Add(outcome);
            plan.SupportingInfo.Add(new("#outcome"));
        }

        return plan;
    }
}
