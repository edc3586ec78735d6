using FhirMg.Fhir.Servers;
using Hl7.Fhir.Model;

namespace FhirMg.Service.Operations;

/// <summary>What holds for every FHIR call: a format that can be written, and errors as OperationOutcome.</summary>
internal sealed class FhirFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return FhirFormats.Wanted(context.HttpContext.Request) is null
                ? throw new FhirProblemException(StatusCodes.Status406NotAcceptable, OperationOutcome.IssueType.NotSupported, "answers are application/fhir+json or application/fhir+xml: name one in Accept or _format")
                : await next(context).ConfigureAwait(false);
        }
        catch (FhirProblemException e)
        {
            return new FhirResult(Outcomes.Error(e.Issue, e.Message), e.Status);
        }
        catch (FhirServerException e)
        {
            var (status, issue) = e switch
            {
                { Status: StatusCodes.Status404NotFound or StatusCodes.Status410Gone } => (StatusCodes.Status404NotFound, OperationOutcome.IssueType.NotFound),
                { Fault: ServerFault.Unavailable } or { Status: StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError } => (StatusCodes.Status503ServiceUnavailable, OperationOutcome.IssueType.Transient),
                _ => (StatusCodes.Status502BadGateway, OperationOutcome.IssueType.Processing),
            };
            if (status == StatusCodes.Status503ServiceUnavailable)
            {
                context.HttpContext.Response.Headers.RetryAfter = "5";
            }

            return new FhirResult(Outcomes.Error(issue, e.Message), status);
        }
    }
}
