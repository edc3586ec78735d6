using System.Globalization;
using System.Text.Json;

namespace FhirMg.Reasoning.Tests.Architecture;

/// <summary>Every code, name stem and number that the knowledge artifacts hold: none of them may stand in code.</summary>
internal sealed class ClinicalLiterals
{
    private const string Stem = "/StructureDefinition/name-stem";

    private static readonly string[] ClinicalSystems =
        ["http://loinc.org", "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm", "http://www.whocc.no/atc", "http://www.nlm.nih.gov/research/umls/rxnorm"];

    private ClinicalLiterals()
    {
        foreach (var file in Directory.GetFiles(Repository.Path("profiles"), "*.json").Order(StringComparer.Ordinal))
        {
            using var artifact = JsonDocument.Parse(File.ReadAllBytes(file));
            Names.Add(artifact.RootElement.GetProperty("id").GetString()!);
            Collect(artifact.RootElement, artifact.RootElement);
        }
    }

    public static ClinicalLiterals OfProfiles { get; } = new();

    /// <summary>Codes of value sets, units and concepts.</summary>
    public HashSet<string> Codes { get; } = new(StringComparer.Ordinal);

    /// <summary>Codes that stand for all codes that begin as they do (ICD-10, ICD-10-CM, ATC).</summary>
    public HashSet<string> Ancestors { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Beginnings of the names of medicines.</summary>
    public HashSet<string> Stems { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Thresholds, ages, times, doses, factors, odds ratios.</summary>
    public HashSet<decimal> Numbers { get; } = [];

    /// <summary>Names of our own artifacts and concepts, which code must use to find them.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    private void Collect(JsonElement node, JsonElement root)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
            {
                Collect(item, root);
            }
        }

        if (node.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        CollectCode(node, root);
        foreach (var property in node.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Number && IsClinical(property.Name))
            {
                AddNumber(property.Value.GetDecimal(), node);
            }

            if (property.Name is "include" or "exclude")
            {
                CollectSet(property.Value);
            }

            Collect(property.Value, root);
        }
    }

    // Cardinalities, counts and positions are numbers of the artifact's form, not of medicine.
    private static bool IsClinical(string name) => name is "value" or "valueDecimal" or "valueInteger";

    // An age may also be counted in months, and a time in minutes or hours.
    private void AddNumber(decimal value, JsonElement quantity)
    {
        Numbers.Add(value);
        if (quantity.TryGetProperty("code", out var code))
        {
            Numbers.Add(code.GetString() switch { "a" => value * 12, "d" => value * 24, "h" => value * 60, _ => value });
        }
    }

    private void CollectCode(JsonElement node, JsonElement root)
    {
        var code = node.TryGetProperty("code", out var found) && found.ValueKind == JsonValueKind.String ? found.GetString()! : null;
        if (code is not null && node.TryGetProperty("system", out var system) && system.ValueKind == JsonValueKind.String && ClinicalSystems.Contains(system.GetString()))
        {
            Codes.Add(code);
        }

        if (node.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String && url.GetString()!.Contains(Stem, StringComparison.Ordinal) && node.TryGetProperty("valueString", out var stem))
        {
            Stems.Add(stem.GetString()!);
        }

        if (root.GetProperty("resourceType").ValueEquals("CodeSystem") && code is not null && node.TryGetProperty("display", out _))
        {
            var isUnit = root.GetProperty("id").GetString()!.EndsWith("-unit", StringComparison.Ordinal);
            (isUnit ? Codes : Names).Add(code);
            foreach (var spelling in isUnit ? node.GetProperty("designation").EnumerateArray() : default)
            {
                Codes.Add(spelling.GetProperty("value").GetString()!);
            }
        }
    }

    private void CollectSet(JsonElement parts)
    {
        foreach (var part in parts.EnumerateArray())
        {
            foreach (var concept in part.TryGetProperty("concept", out var concepts) ? concepts.EnumerateArray() : default)
            {
                Codes.Add(concept.GetProperty("code").GetString()!);
            }

            foreach (var filter in part.TryGetProperty("filter", out var filters) ? filters.EnumerateArray() : default)
            {
                Ancestors.Add(filter.GetProperty("value").GetString()!.Replace(".", "", StringComparison.Ordinal));
            }
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Codes.Count} codes, {Ancestors.Count} ancestors, {Stems.Count} stems, {Numbers.Count} numbers");
}
