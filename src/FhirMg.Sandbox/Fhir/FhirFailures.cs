using System.Text.Json;

namespace FhirMg.Sandbox.Fhir;

/// <summary>Answers what goes wrong at the FHIR endpoint as OperationOutcomes, without a stack trace.</summary>
internal sealed partial class FhirFailures(RequestDelegate next, ILogger<FhirFailures> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (FhirException e) when (!context.Response.HasStarted)
        {
            await FhirResult.WriteAsync(context, e);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await FhirResult.WriteAsync(context, new FhirException(e.StatusCode, "invalid", e.Message));
        }
        catch (Exception e) when (e is not OperationCanceledException && !context.Response.HasStarted)
        {
            Failed(e.GetType().Name, e is JsonException ? "json" : e.TargetSite?.Name ?? "");
            await FhirResult.WriteAsync(context, new FhirException(StatusCodes.Status500InternalServerError, "exception", $"The sandbox failed ({e.GetType().Name}); its log says where."));
        }
    }

    [LoggerMessage(5001, LogLevel.Error, "The FHIR endpoint failed with {Exception} in {Place}")]
    private partial void Failed(string exception, string place);
}
