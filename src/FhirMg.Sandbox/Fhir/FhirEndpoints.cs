using FhirMg.Sandbox.Access;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Fhir;

/// <summary>The R4 endpoint.</summary>
internal static class FhirEndpoints
{
    public const string Path = "/fhir";

    public static void MapFhir(this WebApplication app)
    {
        var fhir = app.MapGroup(Path);
        fhir.MapGet("/metadata", MetadataAsync);
        fhir.MapPost("", With(async request => new(StatusCodes.Status200OK, Bundle(request, await request.BodyAsync()))));
        fhir.MapGet("/{type}", (HttpContext context, string type) => RunAsync(context, async request => new(StatusCodes.Status200OK, await SearchAsync(request, type))));
        fhir.MapPost("/{type}/_search", (HttpContext context, string type) => RunAsync(context, async request => new(StatusCodes.Status200OK, await SearchAsync(request, type)))).DisableAntiforgery();
        fhir.MapPost("/{type}", (HttpContext context, string type) => RunAsync(context, async request =>
        {
            var body = await request.BodyAsync();
            return request.Store.Change(change => request.Interactions.Create(change, type, body, request.Header("If-None-Exist")));
        }));
        fhir.MapGet("/{type}/{id}", (HttpContext context, string type, string id) => RunAsync(context, request => NotModified(request, request.Interactions.Read(request.Store.Now, type, id))));
        fhir.MapPut("/{type}/{id}", (HttpContext context, string type, string id) => RunAsync(context, async request =>
        {
            var body = await request.BodyAsync();
            return request.Store.Change(change => request.Interactions.Update(change, type, id, body, request.Header("If-Match")));
        }));
        fhir.MapDelete("/{type}/{id}", (HttpContext context, string type, string id) => RunAsync(context, request => request.Store.Change(change => request.Interactions.Delete(change, type, id, request.Header("If-Match")))));
        fhir.MapGet("/{type}/{id}/_history", (HttpContext context, string type, string id) => RunAsync(context, request => new(StatusCodes.Status200OK, request.Searches.History(request.Store.Now, type, id))));
        fhir.MapGet("/{type}/{id}/_history/{version}", (HttpContext context, string type, string id, string version) => RunAsync(context, request => request.Interactions.ReadVersion(request.Store.Now, type, id, version)));
        fhir.MapGet("/Patient/{id}/$everything", (HttpContext context, string id) => RunAsync(context, request => new(StatusCodes.Status200OK, request.Searches.Everything(request.Store.Now, id))));
        app.MapFallback(Path + "/{**path}", With(request => throw new FhirException(StatusCodes.Status404NotFound, "not-supported", "This is not served here; /metadata lists what is.")));
    }

    private static System.Text.Json.Nodes.JsonObject Bundle(FhirRequest request, System.Text.Json.Nodes.JsonObject bundle) =>
        !request.Vendor.Transactions && bundle.TextAt("type") == "transaction"
            ? throw FhirException.NotSupported("Transactions are not served here; /metadata lists what is.")
            : request.Transactions.Run(bundle, request.Minimal);

    private static async Task<System.Text.Json.Nodes.JsonObject> SearchAsync(FhirRequest request, string type)
    {
        var parameters = await request.ParametersAsync();
        return parameters is [{ Key: "_page", Value: var token }]
            ? request.Searches.Page(type, token)
            : request.Searches.Search(request.Store.Now, type, parameters, request.Lenient);
    }

    private static FhirAnswer NotModified(FhirRequest request, FhirAnswer answer) =>
        request.Header("If-None-Match") is { } known && known == answer.Version?.ETag ? new(StatusCodes.Status304NotModified, null, answer.Version) : answer;

    private static Task MetadataAsync(HttpContext context, ServerAddress address, FaultState faults, TimeProvider time) =>
        FhirResult.WriteAsync(context, Capability.Statement(address, faults.Vendor, time.GetUtcNow()));

    private static Delegate With(Func<FhirRequest, Task<FhirAnswer>> handle) => (HttpContext context) => RunAsync(context, handle);

    private static Task RunAsync(HttpContext context, Func<FhirRequest, FhirAnswer> handle) => RunAsync(context, request => Task.FromResult(handle(request)));

    private static async Task RunAsync(HttpContext context, Func<FhirRequest, Task<FhirAnswer>> handle)
    {
        if (context.Request.Headers.Accept is { Count: > 0 } accept)
        {
            SearchQuery.RequireJson(accept.ToString());
        }

        var request = new FhirRequest(context, await GrantReader.ReadAsync(context));
        await FhirResult.WriteAsync(context, await handle(request), request.Minimal);
    }
}
