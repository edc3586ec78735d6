using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Proposing;
using FhirMg.Reasoning.Reporting;
using Hl7.Fhir.Model;

namespace FhirMg.Service.Operations;

/// <summary><c>$evaluate</c>: a bundle, or a patient of a configured server, in; report, RiskAssessment and proposals out.</summary>
internal static class EvaluateOperation
{
    /// <summary>The answer: <c>report</c> (string, the JSON contract), <c>result</c> (Bundle), and <c>outcome</c> with what could not be read.</summary>
    public static Parameters Answer(EvaluatedInput evaluated)
    {
        var answer = new Parameters();
        answer.Add("report", new FhirString(Report(evaluated.Assessments)));
        answer.Add("result", ProposalBundle.Of(evaluated.Assessments, evaluated.Language));
        if (evaluated.Warnings.Count > 0)
        {
            answer.Add("outcome", Outcomes.Warnings(evaluated.Warnings));
        }

        return answer;
    }

    private static string Report(IReadOnlyList<Assessment> assessments)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            ReportWriter.Write(writer, assessments);
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
