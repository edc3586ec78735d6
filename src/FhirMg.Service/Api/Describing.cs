using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace FhirMg.Service.Api;

/// <summary>Describes endpoints in the OpenAPI document whose delegates say nothing of what they take and give.</summary>
internal static class Describing
{
    private const string Json = "application/json";
    private static readonly OpenApiSchema AnObject = new() { Type = JsonSchemaType.Object };
    private static readonly OpenApiSchema AText = new() { Type = JsonSchemaType.String };

    /// <summary>Says what an endpoint does.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="method">The method behind it, without which it is not described.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="takesJson">Whether it takes a JSON object.</param>
    /// <param name="status">The status of an answer that is no error.</param>
    /// <param name="errors">The statuses of errors.</param>
    public static TBuilder Describe<TBuilder>(this TBuilder endpoint, Delegate method, string summary, bool takesJson, int status, params int[] errors)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(method.Method, new ProducesResponseTypeMetadata(status, typeof(JsonObject), [Json])).WithSummary(summary);
        endpoint.Errs("application/fhir+json", errors);

        // Metadata of what is accepted would have routing refuse all else, while clients name the media type of a call in several ways.
        return endpoint.AddOpenApiOperationTransformer((operation, context, _) =>
        {
            operation.RequestBody = takesJson ? new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = AnObject } } } : null;
            operation.Parameters =
            [
                .. RoutePatternFactory.Parse(context.Description.RelativePath!).Parameters
                    .Select(parameter => new OpenApiParameter { Name = parameter.Name, In = ParameterLocation.Path, Required = true, Schema = AText }),
            ];
            return Task.CompletedTask;
        });
    }

    /// <summary>Says by which statuses an endpoint tells of errors.</summary>
    public static TBuilder Errs<TBuilder>(this TBuilder endpoint, string type, params int[] errors)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var error in errors)
        {
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(error, typeof(JsonObject), [type]));
        }

        return endpoint;
    }
}
