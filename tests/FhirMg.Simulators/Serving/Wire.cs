using System.Text;
using WireMock;
using WireMock.Types;
using WireMock.Util;

namespace FhirMg.Simulators;

/// <summary>WireMock's requests and responses, as ours.</summary>
internal static class Wire
{
    public static RecordedRequest Recorded(IRequestMessage message, string basePath)
    {
        var url = new Uri(message.AbsoluteUrl);
        var path = url.AbsolutePath.StartsWith(basePath, StringComparison.Ordinal) ? url.AbsolutePath[basePath.Length..].Trim('/') : "(outside)" + url.AbsolutePath;
        var headers = (message.Headers ?? new Dictionary<string, WireMockList<string>>())
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        var body = message.BodyAsBytes is { } bytes ? Encoding.UTF8.GetString(bytes) : message.Body ?? "";
        var form = path.EndsWith("/_search", StringComparison.Ordinal) ? Queries.Parse(body) : [];
        return new RecordedRequest(message.Method, url, path, headers, body) { Query = [.. Queries.Parse(url.Query), .. form] };
    }

    public static ResponseMessage Response(Answer answer)
    {
        var response = new ResponseMessage { StatusCode = answer.Status, Headers = new Dictionary<string, WireMockList<string>>() };
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = new WireMockList<string>(value);
        }

        if (answer.Body is not null)
        {
            response.Headers["Content-Type"] = new WireMockList<string>(answer.ContentType);
            response.BodyData = new BodyData { DetectedBodyType = BodyType.Bytes, BodyAsBytes = Encoding.UTF8.GetBytes(answer.Body) };
        }

        return response;
    }
}
