using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Fhir;

/// <summary>Writes answers of the FHIR endpoint.</summary>
internal static class FhirResult
{
    public const string ContentType = "application/fhir+json; charset=utf-8";

    // Served as JSON only, so letters of any script stand for themselves.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, FhirAnswer answer, bool minimal = false)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        if (answer.Version is { Content: not null } version)
        {
            response.Headers.ETag = version.ETag;
            response.Headers.LastModified = version.LastUpdated.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
            if (answer.IsWrite)
            {
                response.Headers.Location = $"{context.RequestServices.GetRequiredService<ServerAddress>().FhirBase}/{version.Reference}/_history/{version.Version}";
            }
        }

        if (answer.Body is { } body && !(answer.IsWrite && minimal))
        {
            await WriteAsync(context, body);
        }
    }

    public static async Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(body.ToJsonString(Readable), context.RequestAborted);
    }

    public static Task WriteAsync(HttpContext context, FhirException refusal)
    {
        context.Response.StatusCode = refusal.StatusCode;
        return WriteAsync(context, Outcome.Of(refusal));
    }
}
