using Microsoft.Net.Http.Headers;

namespace FhirMg.Service.Operations;

/// <summary>How a resource is written: FHIR R4's JSON or XML (R4 http, section 3.1.0.1.11).</summary>
internal enum FhirFormat
{
    /// <summary><c>application/fhir+json</c>.</summary>
    Json,

    /// <summary><c>application/fhir+xml</c>.</summary>
    Xml,
}

/// <summary>Which format a request asks for, and which one its body is in.</summary>
internal static class FhirFormats
{
    /// <summary>Media type with charset, as a response names it.</summary>
    public static string ContentType(this FhirFormat format) =>
        format == FhirFormat.Xml ? "application/fhir+xml; charset=utf-8" : "application/fhir+json; charset=utf-8";

    /// <summary>The format of the answer: <c>_format</c> first, then <c>Accept</c> by its weights; JSON where anything will do.</summary>
    /// <returns>Null when only formats are accepted that there are none of.</returns>
    public static FhirFormat? Wanted(HttpRequest request)
    {
        if (request.Query["_format"].FirstOrDefault() is { Length: > 0 } asked)
        {
            // A plus sign in a query that was not encoded arrives as a space.
            return Of(asked.Replace(' ', '+').Split(';')[0].Trim());
        }

        var accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0)
        {
            return FhirFormat.Json;
        }

        return accepted.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1)
            .Select(type => type.MatchesAllTypes || type.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase) ? FhirFormat.Json : Of(type.MediaType.ToString()))
            .FirstOrDefault(format => format is not null);
    }

    /// <summary>The format of the body.</summary>
    /// <returns>Null for a media type that is neither.</returns>
    public static FhirFormat? OfBody(HttpRequest request) =>
        string.IsNullOrEmpty(request.ContentType) ? FhirFormat.Json
        : MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? Of(type.MediaType.ToString()) : null;

    private static FhirFormat? Of(string media) => media.ToLowerInvariant() switch
    {
        // A browser asks for HTML first: it gets JSON, which it can show.
        "json" or "application/fhir+json" or "application/json" or "application/json+fhir" or "text/json" or "text/html" => FhirFormat.Json,
        "xml" or "application/fhir+xml" or "application/xml" or "application/xml+fhir" or "text/xml" => FhirFormat.Xml,
        _ => null,
    };
}
