using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Faults;

/// <summary>Makes the FHIR endpoint slow or failing, as the switches say.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, FaultState faults, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (faults.Switches.DelayMs is > 0 and var delay)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(delay), time, context.RequestAborted);
        }

        if (faults.Next() is > 0 and var status)
        {
            if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            {
                context.Response.Headers.RetryAfter = "1";
            }

            throw new FhirException(status, status == StatusCodes.Status429TooManyRequests ? "throttled" : "exception", "A fault that was switched on in the sandbox.");
        }

        await next(context);
    }
}
