using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Serialization;

namespace FhirMg.Cli.Evaluating;

/// <summary>Writes assessments as one Bundle of FHIR R4 resources.</summary>
internal static class FhirOutput
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Assessment> assessments, Language language)
    {
        foreach (var assessment in assessments.Where(assessment => !ProposalBundle.CanBeReferredTo(assessment)))
        {
            Diagnostics.Say($"{assessment.Features.Patient}: the Bundle holds nothing about this patient, "
                + (assessment.Features.Deceased ? "who is recorded as deceased" : "since a Patient without an id cannot be referred to"));
        }

        new FhirJsonSerializer().Serialize(ProposalBundle.Of(assessments, language), writer);
    }
}
