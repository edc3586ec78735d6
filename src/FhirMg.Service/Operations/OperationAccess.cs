using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Access;
using FhirMg.Service.Api;
using FhirMg.Service.Errors;

namespace FhirMg.Service.Operations;

/// <summary>Evaluates what an operation is asked for, and tells the access log whom it was about, also when it failed.</summary>
internal sealed class OperationAccess(InputEvaluation evaluation, AccessLog access, TimeProvider clock)
{
    /// <summary>Evaluates.</summary>
    /// <param name="operation">The operation, such as <c>$evaluate</c>.</param>
    /// <param name="input">What it is asked for.</param>
    /// <param name="context">Who asks.</param>
    /// <exception cref="FhirProblemException">The input does not say whom to evaluate, or holds nothing that can be read.</exception>
    /// <exception cref="FhirServerException">The server could not be used.</exception>
    public async Task<EvaluatedInput> RunAsync(string operation, OperationInput input, HttpContext context)
    {
        try
        {
            var evaluated = await evaluation.RunAsync(input, context.RequestAborted);
            if (evaluated.MergedFrom is { } merged)
            {
                Record(operation, context, StatusCodes.Status200OK, evaluated.Server, merged, evaluated.Assessments[0].Fired, evaluated.Assessments[0].Knowledge.Version);
            }

            foreach (var assessment in evaluated.Assessments)
            {
                Record(operation, context, StatusCodes.Status200OK, evaluated.Server, assessment.Features.Patient, assessment.Fired, assessment.Knowledge.Version);
            }

            return evaluated;
        }
        catch (Exception e)
        {
            var (server, patient) = evaluation.About(input);
            Record(operation, context, (e as FhirProblemException)?.Status ?? ErrorRegistration.StatusOf(context, e), server, patient, RuleSet.None, null);
            throw;
        }
    }

    private void Record(string operation, HttpContext context, int status, string? server, string? patient, RuleSet rules, string? knowledge) => access.Record(new()
    {
        At = clock.GetUtcNow(),
        Operation = operation,
        Server = server,
        Patient = patient,
        Client = ApiAuthorization.ClientOf(context),
        User = ApiAuthorization.UserOf(context),
        Rules = rules.ToString(),
        Knowledge = knowledge,
        Status = status,
    });
}
