using System.Text.Json;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Pulling;

/// <summary>Reads which patient a merged one lives on as (<c>Patient.link</c>).</summary>
public static class PatientLink
{
    private const string Prefix = "Patient/";

    /// <summary>The id of the patient that replaces this one on the same server; null when none does.</summary>
    public static string? ReplacedBy(ReadOnlyMemory<byte> patient, FhirServerOptions server)
    {
        try
        {
            using var document = JsonDocument.Parse(patient);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("link", out var links) && links.ValueKind == JsonValueKind.Array
                ? links.EnumerateArray().Select(link => Target(link, server)).FirstOrDefault(id => id is not null)
                : null;
        }
        catch (JsonException)
        {
            // What cannot be read is told of by the reader of the patient.
            return null;
        }
    }

    private static string? Target(JsonElement link, FhirServerOptions server)
    {
        if (Text(link, "type") != "replaced-by" || !link.TryGetProperty("other", out var other) || Text(other, "reference") is not { } reference)
        {
            return null;
        }

        var root = server.Root.AbsoluteUri;
        var local = reference.StartsWith(root, StringComparison.Ordinal) ? reference[root.Length..] : reference;
        return local.StartsWith(Prefix, StringComparison.Ordinal) && local.Split('/')[1] is { Length: > 0 } id ? id : null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
