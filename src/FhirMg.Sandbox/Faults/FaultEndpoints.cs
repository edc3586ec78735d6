namespace FhirMg.Sandbox.Faults;

/// <summary><c>GET</c> and <c>POST /faults</c>: the switches as JSON.</summary>
internal static class FaultEndpoints
{
    public static void MapFaults(this WebApplication app)
    {
        app.MapGet("/faults", (FaultState faults) => faults.Switches);
        app.MapPost("/faults", IResult (FaultSwitches switches, FaultState faults) =>
        {
            if (switches.Problem is { } problem)
            {
                return TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
            }

            faults.Set(switches);
            return TypedResults.Ok(faults.Switches);
        });
    }
}
