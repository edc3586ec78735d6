using System.Net;

namespace FhirMg.Fhir.Http;

/// <summary>Which requests may be sent again, and after what.</summary>
internal static class Repeatable
{
    /// <summary>
    /// Marks a POST whose repetition does no harm (a search, or a transaction of conditional creates alone) with true, and a GET whose
    /// repetition does (the kick-off of an export, which begins another job) with false.
    /// </summary>
    public static readonly HttpRequestOptionsKey<bool> Mark = new("FhirMg.Repeatable");

    /// <summary>Whether sending the request twice leaves the server as sending it once; a plain POST never does.</summary>
    public static bool IsSafe(HttpRequestMessage request) =>
        request.Options.TryGetValue(Mark, out var marked) ? marked
            : (request.Method != HttpMethod.Post && request.Method != HttpMethod.Patch) || request.Headers.Contains("If-None-Exist");

    /// <summary>Whether the answer is one that a later attempt may better.</summary>
    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 425 or 429 or 500 or 502 or 503 or 504;
}
