using System.Text.Json;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Pulling;

/// <summary>Reads which patient a merged one lives on as, and which were merged into one (<c>Patient.link</c>).</summary>
public static class PatientLink
{
    private const string Prefix = "Patient/";

    /// <summary>The id of the patient that replaces this one on the same server; null when none does.</summary>
    public static string? ReplacedBy(ReadOnlyMemory<byte> patient, FhirServerOptions server) => Linked(patient, "replaced-by", server).FirstOrDefault();

    /// <summary>The ids of the patients on the same server that this one says it replaces, each once.</summary>
    public static IReadOnlyList<string> Replaces(ReadOnlyMemory<byte> patient, FhirServerOptions server) => Linked(patient, "replaces", server);

    private static List<string> Linked(ReadOnlyMemory<byte> patient, string type, FhirServerOptions server)
    {
        try
        {
            using var document = JsonDocument.Parse(patient);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("link", out var links) && links.ValueKind == JsonValueKind.Array
                ? [.. links.EnumerateArray().Select(link => Target(link, type, server)).OfType<string>().Distinct(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What cannot be read, such as half a surrogate, is told of by the reader of the patient.
            return [];
        }
    }

    private static string? Target(JsonElement link, string type, FhirServerOptions server)
    {
        if (Text(link, "type") != type || !link.TryGetProperty("other", out var other) || Text(other, "reference") is not { } reference)
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
