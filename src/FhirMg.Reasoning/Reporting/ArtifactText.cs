using System.Text.Json;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reporting;

/// <summary>Texts of knowledge artifacts that only people read, with their Russian translation.</summary>
public static class ArtifactText
{
    private const string Translation = "http://hl7.org/fhir/StructureDefinition/translation";

    /// <summary>A text element with the translation beside it; null when it is absent.</summary>
    public static Text? Of(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var value) || value.GetString() is not { } english)
        {
            return null;
        }

        if (parent.TryGetProperty($"_{name}", out var shadow) && shadow.TryGetProperty("extension", out var extensions))
        {
            foreach (var extension in extensions.EnumerateArray().Where(extension => extension.GetProperty("url").ValueEquals(Translation)))
            {
                var parts = extension.GetProperty("extension").EnumerateArray().ToList();
                if (parts.Exists(part => part.TryGetProperty("valueCode", out var code) && code.ValueEquals("ru")))
                {
                    return new(english, parts.Find(part => part.TryGetProperty("valueString", out _)).GetProperty("valueString").GetString()!);
                }
            }
        }

        return new(english, english);
    }

    /// <summary>The display of a concept with its Russian designation.</summary>
    public static Text Display(JsonElement concept)
    {
        var english = concept.TryGetProperty("display", out var display) ? display.GetString()! : concept.GetProperty("code").GetString()!;
        var designations = concept.TryGetProperty("designation", out var list) ? list.EnumerateArray() : default;
        foreach (var designation in designations)
        {
            if (designation.TryGetProperty("language", out var language) && language.ValueEquals("ru"))
            {
                return new(english, designation.GetProperty("value").GetString()!);
            }
        }

        return new(english, english);
    }

    /// <summary>The items of a list element; none when it is absent.</summary>
    public static IEnumerable<JsonElement> Each(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    /// <summary>How a dose is to be given, in words; null where none is stated.</summary>
    public static Text? Dose(Activity activity) => Each(activity.Json, "dosage").Select(dosage => Of(dosage, "text")).FirstOrDefault();
}
