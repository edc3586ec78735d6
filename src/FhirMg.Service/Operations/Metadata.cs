using Hl7.Fhir.Model;

namespace FhirMg.Service.Operations;

/// <summary>What this endpoint can do.</summary>
internal static class Metadata
{
    /// <summary>The CapabilityStatement.</summary>
    public static CapabilityStatement Of(Publication publication, string baseUrl, string? tokenAuthority)
    {
        var canonical = publication.Knowledge.CanonicalBase;
        return new()
        {
            Status = PublicationStatus.Active,
            Date = publication.Date,
            Publisher = "FhirMg",
            Kind = CapabilityStatementKind.Instance,
            Software = new() { Name = "FhirMg", Version = typeof(Metadata).Assembly.GetName().Version!.ToString(3) },
            Implementation = new() { Description = "Evaluates patients by the knowledge that is published here.", Url = baseUrl },
            FhirVersion = FHIRVersion.N4_0_1,
            Format = ["json", "xml"],
            Rest =
            [
                new()
                {
                    Mode = CapabilityStatement.RestfulCapabilityMode.Server,
                    Security = tokenAuthority is null ? null : new()
                    {
                        Service = [new("http://terminology.hl7.org/CodeSystem/restful-security-service", "OAuth", "OAuth")],
                        Description = $"A bearer token of {tokenAuthority}",
                    },
                    Operation = [new() { Name = "evaluate", Definition = $"{canonical}/OperationDefinition/evaluate" }],
                    Resource = [.. publication.Types.Select(type => Resource(publication, type))],
                },
            ],
        };
    }

    private static CapabilityStatement.ResourceComponent Resource(Publication publication, string type) => new()
    {
        Type = type,
        Interaction =
        [
            new() { Code = CapabilityStatement.TypeRestfulInteraction.Read },
            new() { Code = CapabilityStatement.TypeRestfulInteraction.SearchType },
        ],
        Versioning = CapabilityStatement.ResourceVersionPolicy.NoVersion,
        SearchParam = [.. ArtifactSearch.Parameters.Select(parameter => new CapabilityStatement.SearchParamComponent { Name = parameter.Key, Type = parameter.Value })],
        Operation = type == "PlanDefinition" && publication.Knowledge.Url.Length > 0
            ? [new() { Name = "apply", Definition = "http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply" }]
            : [],
    };
}
