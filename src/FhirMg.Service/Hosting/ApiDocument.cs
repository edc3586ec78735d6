namespace FhirMg.Service.Hosting;

/// <summary>The OpenAPI document of what is not FHIR: <c>/openapi/v1.json</c>. FHIR describes itself at <c>/fhir/metadata</c>.</summary>
internal static class ApiDocument
{
    private static readonly string[] Elsewhere = ["fhir", "health", "metrics"];

    /// <summary>Adds the document.</summary>
    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", document =>
    {
        document.ShouldInclude = description => !Array.Exists(Elsewhere, path => description.RelativePath?.StartsWith(path, StringComparison.Ordinal) == true);
        document.AddDocumentTransformer((openApi, _, _) =>
        {
            openApi.Info.Title = "FhirMg";
            openApi.Info.Description = "CDS Hooks, SMART launch, screenings and feedback. The FHIR endpoint describes itself at /fhir/metadata.";
            return Task.CompletedTask;
        });
    });
}
