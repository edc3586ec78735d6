using System.Text.Json;
using System.Xml;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace FhirMg.Service.Operations;

/// <summary>A resource as an answer, in the format that was asked for.</summary>
internal sealed class FhirResult(Resource resource, int status = StatusCodes.Status200OK) : IResult
{
    /// <inheritdoc/>
    public async System.Threading.Tasks.Task ExecuteAsync(HttpContext httpContext)
    {
        var request = httpContext.Request;
        var format = FhirFormats.Wanted(request) ?? FhirFormat.Json;
        var body = Serialize(resource, format, request.Query["_pretty"] == "true");
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = format.ContentType();
        httpContext.Response.ContentLength = body.Length;
        await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The resource as UTF-8 text.</summary>
    public static byte[] Serialize(Resource resource, FhirFormat format, bool pretty)
    {
        using var stream = new MemoryStream();
        if (format == FhirFormat.Xml)
        {
            using var xml = XmlWriter.Create(stream, new() { Indent = pretty, Encoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
            new FhirXmlSerializer().Serialize(resource, xml);
        }
        else
        {
            using var json = new Utf8JsonWriter(stream, new() { Indented = pretty, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            new FhirJsonSerializer().Serialize(resource, json);
        }

        return stream.ToArray();
    }
}
