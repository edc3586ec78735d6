using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Fhir.Servers;

/// <summary>A server's answer, read whole.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; may be empty, or anything but FHIR.</param>
/// <param name="ETag">The version, without <c>W/</c> and quotes; null when not stated.</param>
/// <param name="Location">Where the resource created is; null when not stated.</param>
public sealed record FhirResponse(HttpStatusCode Status, ReadOnlyMemory<byte> Body, string? ETag, Uri? Location)
{
    private const int Longest = 300;

    /// <summary>Headers of the answer; null when it did not come over the network.</summary>
    internal HttpResponseHeaders? Headers { get; init; }

    /// <summary>Headers of the answer's body.</summary>
    internal HttpContentHeaders? ContentHeaders { get; init; }

    /// <summary>Whether the server did what was asked.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The first value of a header, e.g. <c>X-Progress</c>; null when there is none.</summary>
    public string? Header(string name) =>
        (Headers?.TryGetValues(name, out var values) ?? false) || (ContentHeaders?.TryGetValues(name, out values) ?? false) ? values!.FirstOrDefault()?.Trim() : null;

    /// <summary>How long the server asks us to wait (seconds, HTTP-date or epoch value); null when it does not, or nobody can read it.</summary>
    /// <param name="now">The time of the answer.</param>
    /// <param name="cap">The longest wait that is honoured.</param>
    public TimeSpan? RetryAfter(DateTimeOffset now, TimeSpan cap) => Headers is null ? null : Http.RetryAfter.Of(Headers, now, cap);

    /// <summary>Whether a later attempt may better the answer (408, 425, 429, 500, 502, 503, 504).</summary>
    public bool IsTransient => Http.Repeatable.IsTransient(Status);

    /// <summary>What the server says of an error: its OperationOutcome, or the beginning of whatever else it sent.</summary>
    public string Said()
    {
        if (Body.IsEmpty)
        {
            return "no explanation";
        }

        var page = new SearchPages(Knowledge.BuiltIn).Add(Body.Span, "answer");
        return Trim(page.Outcomes.Count > 0 ? string.Join("; ", page.Outcomes)
            : JsonReading.Parse(Body.Span) is { } json ? Words(json)
            : WithoutTags(Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, Longest * 4)])));
    }

    // An OperationOutcome that does not say what it is, or an error of a gateway; of anything else, its beginning.
    private static string Words(JsonObject json)
    {
        var issues = json.Items("issue").Select(issue => string.Join(' ', new[] { issue.Text("severity"), issue.Text("code"), issue.Member("details").Text("text"), issue.Text("diagnostics") }.OfType<string>())).ToList();
        return issues.Count > 0 ? string.Join("; ", issues)
            : json.Text("message") ?? json.Text("error_description") ?? json.Text("error") ?? (json.Count == 0 ? "" : json.ToJsonString());
    }

    private static string Trim(string text)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length == 0 ? "no explanation" : words.Length > Longest ? $"{words[..Longest]}…" : words;
    }

    private static string WithoutTags(string text)
    {
        var inTag = false;
        return new([.. text.Select(c =>
        {
            inTag = c == '<' || (inTag && c != '>');
            return inTag || c == '>' || char.IsControl(c) ? ' ' : c;
        })]);
    }
}
