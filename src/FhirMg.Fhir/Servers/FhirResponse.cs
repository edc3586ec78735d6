using System.Net;
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
    private const int Longest = 200;

    /// <summary>Whether the server did what was asked.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>What the server says of an error: its OperationOutcome, or the beginning of whatever else it sent.</summary>
    public string Said()
    {
        if (Body.IsEmpty)
        {
            return "no explanation";
        }

        var page = new SearchPages(Knowledge.BuiltIn).Add(Body.Span, "answer");
        if (page.Outcomes.Count > 0)
        {
            return string.Join("; ", page.Outcomes);
        }

        var text = System.Text.Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, Longest * 4)]);
        var words = string.Join(' ', WithoutTags(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
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
