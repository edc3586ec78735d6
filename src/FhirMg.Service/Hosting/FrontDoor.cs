using Microsoft.Net.Http.Headers;

namespace FhirMg.Service.Hosting;

/// <summary><c>/</c>: where everything is, as JSON for programs and as a page for people.</summary>
internal static class FrontDoor
{
    private static readonly (string Name, string Path)[] Places =
    [
        ("cdsServices", "/cds-services"), ("fhir", "/fhir/metadata"), ("rules", RulesPage.Path), ("smartLaunch", "/smart/launch"), ("app", "/app"), ("screenings", "/screenings"),
        ("openApi", "/openapi/v1.json"), ("health", "/health/ready"), ("metrics", "/metrics"),
    ];

    /// <summary>Maps it.</summary>
    public static void MapFrontDoor(this WebApplication application)
    {
        application.MapGet("/", Answer).AllowAnonymous().WithSummary("Where everything is");
        application.MapGet(RulesPage.Path, () => new RulesPage()).AllowAnonymous().WithSummary("Every rule with its statement, strength and sources, for people").WithTags("Pages");
        application.MapGet("/docs/{name}", Documents.Get).AllowAnonymous().ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext context, PublicAddress address)
    {
        context.Response.Headers.Vary = $"{HeaderNames.Accept}, {HeaderNames.AcceptLanguage}";
        return IsForPeople(context.Request) ? new FrontPage() : Results.Json(Places.ToDictionary(place => place.Name, place => $"{address.Base}{place.Path}"));
    }

    // Browsers name HTML; programs name JSON, anything, or nothing.
    private static bool IsForPeople(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);
}
