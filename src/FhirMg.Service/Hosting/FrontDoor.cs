namespace FhirMg.Service.Hosting;

/// <summary><c>/</c>: where everything is.</summary>
internal static class FrontDoor
{
    /// <summary>Maps it.</summary>
    public static void MapFrontDoor(this WebApplication application) => application.MapGet("/", (PublicAddress address) => Results.Json(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cdsServices"] = $"{address.Base}/cds-services",
        ["fhir"] = $"{address.Base}/fhir/metadata",
        ["smartLaunch"] = $"{address.Base}/smart/launch",
        ["app"] = $"{address.Base}/app",
        ["screenings"] = $"{address.Base}/screenings",
        ["openApi"] = $"{address.Base}/openapi/v1.json",
        ["health"] = $"{address.Base}/health/ready",
        ["metrics"] = $"{address.Base}/metrics",
    })).AllowAnonymous().WithSummary("Where everything is");
}
