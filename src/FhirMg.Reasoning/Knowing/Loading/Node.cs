using System.Text.Json;

namespace FhirMg.Reasoning.Knowing.Loading;

/// <summary>An element of a knowledge artifact that knows where it stands, so that a refusal names file and element.</summary>
internal readonly record struct Node(string File, string Path, JsonElement Json)
{
    private const string Translation = "http://hl7.org/fhir/StructureDefinition/translation";

    public KnowledgeException Refuse(string problem) => KnowledgeException.At(File, Path, problem);

    public bool Has(string name) => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out _);

    public Node this[string name] => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value)
        ? new(File, $"{Path}.{name}", value)
        : throw Refuse($"'{name}' is missing");

    public IEnumerable<Node> Each(string name)
    {
        if (!Has(name))
        {
            yield break;
        }

        var list = this[name];
        if (list.Json.ValueKind != JsonValueKind.Array)
        {
            throw list.Refuse("is not an array");
        }

        var index = 0;
        foreach (var item in list.Json.EnumerateArray())
        {
            yield return new(File, $"{list.Path}[{index++}]", item);
        }
    }

    public string String => Json.ValueKind == JsonValueKind.String && Json.GetString() is { Length: > 0 } text ? text : throw Refuse("is not a text");

    public decimal Decimal => Json.ValueKind == JsonValueKind.Number && Json.TryGetDecimal(out var value) ? value : throw Refuse("is not a number");

    public string? OptionalString(string name) => Has(name) ? this[name].String : null;

    /// <summary>A text with its Russian translation in the standard extension of the same element.</summary>
    public Text Text(string name)
    {
        var english = this[name].String;
        if (Has($"_{name}"))
        {
            foreach (var extension in this[$"_{name}"].Extensions(Translation))
            {
                if (extension.Part("lang")["valueCode"].String == "ru")
                {
                    return new(english, extension.Part("content")["valueString"].String);
                }
            }
        }

        throw KnowledgeException.At(File, $"{Path}.{name}", "has no Russian translation");
    }

    public Text? OptionalText(string name) => Has(name) ? Text(name) : null;

    /// <summary>The extensions with this url.</summary>
    public IEnumerable<Node> Extensions(string url) => Each("extension").Where(extension => extension["url"].String == url);

    /// <summary>The one part of a complex extension with this url.</summary>
    public Node Part(string url)
    {
        foreach (var part in Extensions(url))
        {
            return part;
        }

        throw Refuse($"the part '{url}' is missing");
    }
}
