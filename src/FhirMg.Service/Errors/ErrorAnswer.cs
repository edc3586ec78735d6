using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace FhirMg.Service.Errors;

/// <summary>The one form of each error: OperationOutcome where FHIR or CDS Hooks is spoken, problem details elsewhere.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">FHIR's issue type.</param>
/// <param name="Text">What, where and what to do; no data of a patient, no token.</param>
/// <param name="RetryAfter">When the request may be sent again; null where repeating it helps nothing.</param>
internal sealed record ErrorAnswer(int Status, string Code, string Text, TimeSpan? RetryAfter = null) : IResult
{
    private static readonly PathString[] FhirPaths = ["/fhir", "/cds-services"];

    /// <summary>Whether a request expects its errors as OperationOutcome.</summary>
    public static bool SpeaksFhir(HttpRequest request) => Array.Exists(FhirPaths, path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>The error of a status that nobody explained.</summary>
    public static ErrorAnswer Of(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => new(status, "login", "a bearer token of the configured authority is needed"),
        StatusCodes.Status403Forbidden => new(status, "forbidden", "the token does not allow this"),
        StatusCodes.Status404NotFound => new(status, "not-found", "there is nothing at this address"),
        StatusCodes.Status405MethodNotAllowed => new(status, "not-supported", "this address does not take that method"),
        StatusCodes.Status413PayloadTooLarge => new(status, "too-long", "the request is larger than FhirMg:Limits:RequestBytes allows"),
        StatusCodes.Status415UnsupportedMediaType => new(status, "not-supported", "the body's media type is not supported here"),
        StatusCodes.Status429TooManyRequests => new(status, "throttled", "more requests than FhirMg:Limits:RequestsPerSecond allows: try again later"),
        >= StatusCodes.Status500InternalServerError => new(status, "exception", "the request failed by a fault of this service; it was logged"),
        _ => new(status, "invalid", ReasonPhrases.GetReasonPhrase(status)),
    };

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var fhir = SpeaksFhir(httpContext.Request);
        response.ContentType = fhir ? "application/fhir+json; charset=utf-8" : "application/problem+json";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        using var writer = new Utf8JsonWriter(response.BodyWriter);
        if (fhir)
        {
            WriteOutcome(writer);
        }
        else
        {
            WriteProblem(writer);
        }

        await writer.FlushAsync(httpContext.RequestAborted);
    }

    private void WriteOutcome(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, "OperationOutcome"u8);
        writer.WriteStartArray("issue"u8);
        writer.WriteStartObject();
        writer.WriteString("severity"u8, "error"u8);
        writer.WriteString("code"u8, Code);
        writer.WriteString("diagnostics"u8, Text);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteProblem(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(Status));
        writer.WriteNumber("status"u8, Status);
        writer.WriteString("detail"u8, Text);
        writer.WriteEndObject();
    }
}
