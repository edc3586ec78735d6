using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Api;
using FhirMg.Service.Configuration;
using FhirMg.Service.Hosting;
using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FhirMg.Service.Operations;

/// <summary>The FHIR endpoint: the knowledge to read and search, and the operations on it.</summary>
internal static class OperationsEndpoints
{
    /// <summary>Adds what the endpoint needs.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services) =>
        services.AddSingleton(new Publication(Knowledge.BuiltIn)).AddSingleton<InputEvaluation>().AddSingleton<OperationAccess>();

    /// <summary>Maps <c>/fhir</c>.</summary>
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var fhir = routes.MapGroup("/fhir").AddEndpointFilter<FhirFilter>().RequireAuthorization(ApiAuthorization.Policy);
        fhir.MapGet("/metadata", (Publication publication, PublicAddress address, IOptions<ServiceOptions> options) =>
            new FhirResult(Metadata.Of(publication, BaseUrl(address), options.Value.Api.Authority?.AbsoluteUri))).AllowAnonymous();
        fhir.MapGet("/{type}/{id}", Read);
        fhir.MapGet("/{type}", (string type, HttpRequest request, Publication publication, PublicAddress address) => Search(type, request.Query, request, publication, address));
        fhir.MapPost("/{type}/_search", async (string type, HttpRequest request, Publication publication, PublicAddress address) =>
            Search(type, request.Query.Concat(await FormAsync(request)), request, publication, address));
        fhir.MapMethods("/$evaluate", GetOrPost, EvaluateAsync);
        fhir.MapMethods("/PlanDefinition/$apply", GetOrPost, (HttpRequest request, Publication publication, OperationAccess evaluation) => ApplyAsync(null, request, publication, evaluation));
        fhir.MapMethods("/PlanDefinition/{id}/$apply", GetOrPost, ApplyAsync);
        fhir.MapFallback(IResult () => throw FhirProblemException.NotFound("there is nothing at this address: /fhir/metadata says what there is"));
    }

    private static readonly string[] GetOrPost = [HttpMethods.Get, HttpMethods.Post];

    private static IResult Read(string type, string id, HttpRequest request, HttpResponse response, Publication publication)
    {
        var artifact = publication.Find(type, id) ?? throw NotThere(publication, type, id);
        response.Headers.ETag = artifact.ETag;
        if (request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(EntityTagHeaderValue.Parse(artifact.ETag), useStrongComparison: false)))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        return FhirFormats.Wanted(request) == FhirFormat.Json && request.Query["_pretty"] != "true"
            ? Results.Bytes(artifact.Json, FhirFormat.Json.ContentType())
            : new FhirResult(artifact.Parse());
    }

    private static FhirResult Search(string type, IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> parameters, HttpRequest request, Publication publication, PublicAddress address) =>
        publication.Types.Contains(type)
            ? new(ArtifactSearch.Run(publication, type, parameters, BaseUrl(address), IsStrict(request)))
            : throw NotThere(publication, type, null);

    private static async Task<IResult> EvaluateAsync(HttpRequest request, OperationAccess evaluation) =>
        new FhirResult(EvaluateOperation.Answer(await evaluation.RunAsync("$evaluate", await ReadAsync(request), request.HttpContext)));

    private static async Task<IResult> ApplyAsync(string? id, HttpRequest request, Publication publication, OperationAccess evaluation)
    {
        var input = await ReadAsync(request);
        ApplyOperation.Require(publication, id, input);
        return new FhirResult(ApplyOperation.Answer(await evaluation.RunAsync("$apply", input, request.HttpContext), input.Encounter));
    }

    private static async Task<OperationInput> ReadAsync(HttpRequest request)
    {
        var input = OperationInput.Of(request.Query, IsStrict(request));
        if (HttpMethods.IsGet(request.Method))
        {
            return input;
        }

        var format = FhirFormats.OfBody(request) ?? throw new FhirProblemException(
            StatusCodes.Status415UnsupportedMediaType, OperationOutcome.IssueType.NotSupported, "the body must be application/fhir+json or application/fhir+xml");
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return input.And(body.ToArray(), format);
    }

    private static bool IsStrict(HttpRequest request) =>
        request.Headers["Prefer"].Any(preference => preference?.Contains("handling=strict", StringComparison.OrdinalIgnoreCase) == true);

    // What the request names as host is the caller's word: links lead where this service is known to be.
    private static string BaseUrl(PublicAddress address) => $"{address.Base}/fhir";

    private static async Task<IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>>> FormAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : [];
        }
        catch (InvalidDataException)
        {
            throw FhirProblemException.Invalid("the form cannot be read: send application/x-www-form-urlencoded");
        }
    }

    private static FhirProblemException NotThere(Publication publication, string type, string? id) => publication.Types.Contains(type)
        ? FhirProblemException.NotFound($"there is no {type}/{id} here")
        : FhirProblemException.NotFound($"there are no resources of that type here; there are: {string.Join(", ", publication.Types)}");
}
