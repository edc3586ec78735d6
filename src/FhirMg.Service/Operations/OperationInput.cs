using System.Globalization;
using System.Text.Json;
using System.Xml;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace FhirMg.Service.Operations;

/// <summary>What an operation is asked: from a Parameters resource, a Bundle as it stands, or a query.</summary>
internal sealed record OperationInput
{
    /// <summary>The bundle (or single resource) to look at, UTF-8 JSON; null to read a server.</summary>
    public byte[]? Bundle { get; private init; }

    /// <summary>Whom it is about, <c>Patient/id</c> or an absolute url; null for everybody in the bundle.</summary>
    public string? Subject { get; private init; }

    /// <summary>The encounter that a plan is applied in; null for none.</summary>
    public string? Encounter { get; private init; }

    /// <summary>Canonical url of the plan to apply; null when the address names it.</summary>
    public string? PlanDefinition { get; private init; }

    /// <summary>The time looked at; null for now.</summary>
    public DateTimeOffset? AsOf { get; private init; }

    /// <summary>The language of texts; null for the server's.</summary>
    public Language? Language { get; private init; }

    /// <summary>Whether a parameter that there is none of is refused (<c>Prefer: handling=strict</c>), rather than passed over.</summary>
    private bool IsStrict { get; init; }

    /// <summary>The input of a GET: its query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="isStrict">Whether a parameter that there is none of is refused.</param>
    public static OperationInput Of(IQueryCollection query, bool isStrict)
    {
        var input = new OperationInput { IsStrict = isStrict };
        foreach (var (name, values) in query)
        {
            input = values.LastOrDefault() is { Length: > 0 } value ? input.With(name, value) : input;
        }

        return input;
    }

    /// <summary>The input of a POST: its body, over what the query says.</summary>
    /// <exception cref="FhirProblemException">The body is no FHIR that can be used.</exception>
    public OperationInput And(byte[] body, FhirFormat format)
    {
        var json = format == FhirFormat.Xml ? FromXml(body) : body;
        if (json.AsSpan().TrimStart(" \t\r\n"u8).IsEmpty)
        {
            return this;
        }

        try
        {
            using var document = JsonDocument.Parse(json.AsMemory(json.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("resourceType", out var type) || type.ValueKind != JsonValueKind.String
                ? throw FhirProblemException.Invalid("the body is no FHIR resource: send Parameters, or a Bundle")
                : type.GetString() == "Parameters" ? With(root) : this with { Bundle = json };
        }
        catch (JsonException e)
        {
            throw FhirProblemException.Invalid($"the body is no valid JSON (line {e.LineNumber + 1}): send Parameters, or a Bundle");
        }
        catch (InvalidOperationException)
        {
            throw FhirProblemException.Invalid("the body holds text that is no valid UTF-8");
        }
    }

    private OperationInput With(JsonElement parameters)
    {
        var input = this;
        if (!parameters.TryGetProperty("parameter", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return input;
        }

        foreach (var parameter in list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object))
        {
            if (!parameter.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
            {
                throw FhirProblemException.Required("a parameter has no name");
            }

            if (parameter.TryGetProperty("resource", out var resource) && name.GetString() is "bundle" or "data")
            {
                input = input with { Bundle = System.Text.Encoding.UTF8.GetBytes(resource.GetRawText()) };
            }
            else if (Value(parameter) is { } value)
            {
                input = input.With(name.GetString()!, value);
            }
        }

        return input;
    }

    private const string Known = "subject, encounter, planDefinition, asOf, lang, bundle, data";

    // A reference counts by its literal reference, everything else by its text.
    private static string? Value(JsonElement parameter)
    {
        var value = parameter.EnumerateObject().FirstOrDefault(property => property.Name.StartsWith("value", StringComparison.Ordinal)).Value;
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Object when value.TryGetProperty("reference", out var reference) && reference.ValueKind == JsonValueKind.String => reference.GetString(),
            _ => null,
        };
    }

    private OperationInput With(string name, string value) => name switch
    {
        "subject" => this with { Subject = value },
        "encounter" => this with { Encounter = value },
        "planDefinition" => this with { PlanDefinition = value },
        "asOf" => Reasoning.Evaluation.AsOf.TryParse(value.Replace(' ', '+'), out var asOf)
            ? this with { AsOf = asOf }
            : throw FhirProblemException.Invalid("asOf must be a date (2026-11-23) or a time with its zone (2026-11-23T08:00:00Z), from 1900 on"),
        "lang" or "language" or "userLanguage" => this with
        {
            Language = value.Split('-')[0].ToUpperInvariant() switch
            {
                "EN" => Reasoning.Knowing.Language.English,
                "RU" => Reasoning.Knowing.Language.Russian,
                _ => throw FhirProblemException.Invalid($"{name} must be en or ru"),
            },
        },
        "_format" or "_pretty" => this,
        _ => IsStrict ? throw FhirProblemException.Invalid($"there is no parameter '{name}' here; there are: {Known}") : this,
    };

    private static byte[] FromXml(byte[] body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return FhirResult.Serialize(new FhirXmlDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Recoverable)).DeserializeResource(reader), FhirFormat.Json, pretty: false);
        }
        catch (Exception e) when (e is XmlException or DeserializationFailedException or FormatException or InvalidOperationException)
        {
            throw FhirProblemException.Invalid("the body is no valid FHIR R4 in XML: send it as application/fhir+json, which is read tolerantly, or correct it");
        }
    }
}
