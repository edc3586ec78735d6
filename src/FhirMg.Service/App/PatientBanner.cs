using System.Text.Json;

namespace FhirMg.Service.App;

/// <summary>Who the patient is, so that nobody decides about another.</summary>
/// <param name="Name">The name as the server has it; null when it has none that can be read.</param>
/// <param name="BirthDate">The birth date as written; null when not stated.</param>
/// <param name="Gender">FHIR's administrative gender; null when not stated.</param>
internal sealed record PatientBanner(string? Name, string? BirthDate, string? Gender)
{
    private static readonly string[] Uses = ["official", "usual", "", "temp", "nickname", "anonymous", "maiden", "old"];

    /// <summary>Reads a Patient; what cannot be read is null.</summary>
    public static PatientBanner Read(ReadOnlyMemory<byte> patient)
    {
        try
        {
            using var document = JsonDocument.Parse(patient);
            var root = document.RootElement;
            return new(NameOf(root), Text(root, "birthDate"), Text(root, "gender"));
        }
        catch (JsonException)
        {
            return new(null, null, null);
        }
    }

    private static string? NameOf(JsonElement patient)
    {
        var names = Items(patient, "name").OrderBy(name => Array.IndexOf(Uses, Text(name, "use") ?? "") is var place && place < 0 ? Uses.Length : place);
        return names.Select(name => Text(name, "text") is { Length: > 0 } text ? text
                : string.Join(' ', Texts(name, "prefix").Concat(Texts(name, "given")).Append(Text(name, "family")).Concat(Texts(name, "suffix")).Where(part => !string.IsNullOrWhiteSpace(part))))
            .FirstOrDefault(name => name.Length > 0);
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;

    private static IEnumerable<string> Texts(JsonElement element, string name) => Items(element, name).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!);
}
