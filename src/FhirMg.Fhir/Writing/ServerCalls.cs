using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Http;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>What a server made of a write.</summary>
internal enum Answered
{
    /// <summary>It is done, or was done already.</summary>
    Done,

    /// <summary>Somebody else was faster: what is there must be looked at again.</summary>
    Conflict,

    /// <summary>The server does not take it.</summary>
    Refused,

    /// <summary>Nobody knows whether it is done.</summary>
    Unavailable,
}

/// <summary>A server's answer to a write.</summary>
/// <param name="Kind">What it made of it.</param>
/// <param name="Body">The answer's body; null when it is no JSON object.</param>
/// <param name="Reference">The resource written (<c>Type/id</c>); null when not stated.</param>
/// <param name="IsNew">Whether it was created by this request.</param>
/// <param name="Said">What the server says of a failure; else null.</param>
internal sealed record WriteAnswer(Answered Kind, JsonObject? Body, string? Reference, bool IsNew, string? Said);

/// <summary>The requests of a write-back.</summary>
internal sealed class ServerCalls(FhirServer server, Knowledge knowledge)
{
    private const string FhirJson = "application/fhir+json";

    /// <summary>The matches of a search, to its last page; the next url is tried when the server does not understand one. Null when none is.</summary>
    /// <exception cref="FhirServerException">The search could not be brought to its end.</exception>
    public async Task<IReadOnlyList<JsonObject>?> SearchAsync(string type, IReadOnlyList<string> urls, CancellationToken cancellationToken)
    {
        var pages = await new SearchRun(server, knowledge).ReadAsync(new(type, DataKinds.None, urls), [], cancellationToken).ConfigureAwait(false);
        return pages is null ? null :
        [
            .. pages.Select(page => JsonReading.Parse(page.Span) ?? throw new FhirServerException(server.Options.Name, ServerFault.Unreadable, $"{type}: its answer is no JSON that can be read in one way alone"))
                .SelectMany(page => page.Items("entry"))
                .Where(entry => entry.Member("search").Text("mode") is null or "match")
                .Select(entry => entry.Member("resource")).OfType<JsonObject>()
                .Where(resource => resource.Text("resourceType") == type)
                .DistinctBy(resource => resource.Text("id")),
        ];
    }

    /// <summary>Reads one resource; null when it is not there.</summary>
    /// <exception cref="FhirServerException">It could not be read.</exception>
    public async Task<JsonObject?> ReadAsync(string reference, CancellationToken cancellationToken)
    {
        var response = await server.GetAsync(reference, cancellationToken).ConfigureAwait(false);
        server.RequireTaken(response);
        if (!response.IsSuccess && response.Status is not (HttpStatusCode.NotFound or HttpStatusCode.Gone))
        {
            throw new FhirServerException(server.Options.Name, ServerFault.Unavailable, $"it answers {(int)response.Status} ({response.Said()})") { Status = (int)response.Status };
        }

        if (!response.IsSuccess || JsonReading.Parse(response.Body.Span) is not { } resource)
        {
            return null;
        }

        if (resource.Member("meta").Text("versionId") is null && response.ETag is { } version)
        {
            resource["meta"] ??= new JsonObject();
            resource["meta"]!["versionId"] = version;
        }

        return resource;
    }

    /// <summary>How many versions of a resource there are, as far as the first page tells; null when the server does not say.</summary>
    public async Task<int?> VersionsAsync(string reference, CancellationToken cancellationToken)
    {
        var response = await server.GetAsync($"{reference}/_history", cancellationToken).ConfigureAwait(false);
        return response.IsSuccess && JsonReading.Parse(response.Body.Span) is { } bundle && bundle.Text("resourceType") == "Bundle"
            ? bundle.Items("link").Any(link => link.Text("relation") == "next") ? int.MaxValue : bundle.Items("entry").Count()
            : null;
    }

    /// <summary>Creates a resource, where the server can only if none matches the condition.</summary>
    public async Task<WriteAnswer> CreateAsync(string type, JsonObject resource, string? ifNoneExist, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, server.Resolve(type), resource);
        if (ifNoneExist is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Exist", ifNoneExist);
        }

        return await SendAsync(request, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a resource back if it is still the version that was read.</summary>
    public async Task<WriteAnswer> UpdateAsync(OursOnServer held, JsonObject resource, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Put, server.Resolve(held.Reference), resource);
        request.Headers.TryAddWithoutValidation("If-Match", $"W/\"{held.VersionId}\"");
        return await SendAsync(request, held.Type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a transaction of conditional creates and guarded updates: sent twice, it does nothing twice.</summary>
    public async Task<WriteAnswer> TransactAsync(JsonObject bundle, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, server.Options.BaseUrl, bundle);
        request.Options.Set(Repeatable.Mark, true);
        return await SendAsync(request, "Bundle", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The reference in a <c>Location</c>, or of a resource; null when there is none of the type.</summary>
    public static string? ReferenceTo(string type, string? location)
    {
        var reference = WrittenTypes.LastTwo(location?.TrimEnd('/'));
        return reference?.StartsWith($"{type}/", StringComparison.Ordinal) == true ? reference : null;
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri url, JsonObject resource) => new(method, url)
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(resource.ToJsonString())) { Headers = { ContentType = new MediaTypeHeaderValue(FhirJson) } },
    };

    private async Task<WriteAnswer> SendAsync(HttpRequestMessage request, string type, CancellationToken cancellationToken)
    {
        var isUpdate = request.Method == HttpMethod.Put;
        FhirResponse response;
        try
        {
            response = await server.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (FhirServerException e)
        {
            return new(Answered.Unavailable, null, null, false, e.Message);
        }

        server.RequireTaken(response);
        var body = JsonReading.Parse(response.Body.Span);
        return response.IsSuccess
            ? new(Answered.Done, body, ReferenceTo(type, response.Location?.OriginalString) ?? Of(body, type), response.Status == HttpStatusCode.Created, null)
            : new(Kind(response.Status, isUpdate), body, null, false, $"{(int)response.Status} ({response.Said()})");
    }

    private static string? Of(JsonObject? body, string type) =>
        body.Text("resourceType") == type && body.Text("id") is { } id ? $"{type}/{id}" : null;

    private static Answered Kind(HttpStatusCode status, bool isUpdate) =>
        status is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict ? Answered.Conflict
        : isUpdate && status is HttpStatusCode.NotFound or HttpStatusCode.Gone ? Answered.Conflict
        : Repeatable.IsTransient(status) ? Answered.Unavailable
        : Answered.Refused;
}
