using FhirMg.Sandbox.Authorization;

namespace FhirMg.Sandbox.Faults;

/// <summary><c>GET</c> and <c>POST</c> of <c>/faults</c> and <c>/faults/smart</c>: the switches as JSON.</summary>
internal static class FaultEndpoints
{
    public static void MapFaults(this WebApplication app)
    {
        app.MapGet("/faults", (FaultState faults) => faults.Switches);
        app.MapGet("/faults/smart", (SmartState smart) => smart.Switches);
        app.MapPost("/faults/smart", (SmartSwitches switches, SmartState smart) => smart.Switches = switches);
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
