using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FhirMg.Fhir.Writing;

/// <summary>
/// Tells whether a resource is still as we wrote it: a digest of its content stands in it, and is compared with the digest of what the
/// server returns. What servers may write in another way, or add, does not count.
/// </summary>
internal static partial class Fingerprint
{
    private static readonly HashSet<string> NotOurs =
        new(["id", "meta", "implicitRules", "language", "text", "status", "statusReason"], StringComparer.Ordinal);

    /// <summary>Adds the fingerprint to a resource that is about to be written, and for servers that drop extensions its seal.</summary>
    public static void Seal(JsonObject resource, Names names)
    {
        Writing.Seal.Of(resource, names).AddTo(resource, names);
        var seal = new JsonObject { ["url"] = names.Fingerprint, ["valueString"] = Of(resource, names) };
        if (resource["extension"] is JsonArray extensions)
        {
            extensions.Add(seal);
        }
        else
        {
            resource["extension"] = new JsonArray(seal);
        }
    }

    /// <summary>The fingerprint that a resource carries; null for none.</summary>
    public static string? In(JsonObject resource, Names names) =>
        resource.Extensions(names.Fingerprint).Select(extension => extension.Text("valueString")).FirstOrDefault();

    /// <summary>The fingerprint of a resource's content.</summary>
    public static string Of(JsonObject resource, Names names)
    {
        var content = new JsonObject();
        foreach (var (name, value) in resource.Where(member => !NotOurs.Contains(member.Key)))
        {
            content[name] = name == "extension"
                ? new JsonArray([.. resource.Items(name).Where(extension => extension.Text("url") is not { } url || (url != names.Fingerprint && url != names.Withdrawal)).Select(extension => extension.DeepClone())])
                : value?.DeepClone();
        }

        return Digest(content);
    }

    /// <summary>The same without any extension, for servers that keep none: in it the primary language counts alone.</summary>
    public static string WithoutExtensions(JsonObject resource)
    {
        var content = resource.DeepClone().AsObject();
        foreach (var name in NotOurs)
        {
            content.Remove(name);
        }

        Strip(content);
        return Digest(content);
    }

    private static string Digest(JsonObject content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Render("", content))));

    private static void Strip(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var name in members.Select(member => member.Key).Where(name => name is "extension" or "modifierExtension" || name.StartsWith('_')).ToList())
            {
                members.Remove(name);
            }
        }

        foreach (var child in node switch { JsonObject parent => parent.Select(member => member.Value), JsonArray items => items, _ => (IEnumerable<JsonNode?>)[] })
        {
            Strip(child);
        }
    }

    private static string Render(string name, JsonNode? node) => node switch
    {
        // The server gives the resources that these refer to their ids, so only their number is ours.
        JsonArray array when name == "detectedIssue" => array.Count.ToString(CultureInfo.InvariantCulture),
        JsonObject when name == "resource" => "1",
        JsonObject members => $"{{{string.Join(',', members.Select(member => (member.Key, Text: Render(member.Key, member.Value)))
            .Where(member => member.Text.Length > 0).OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{member.Text}"))}}}",
        JsonArray { Count: 0 } => "",
        JsonArray array => $"[{string.Join(',', array.Select(item => Render(name, item)).Order(StringComparer.Ordinal))}]",
        JsonValue value => Render(name, value),
        _ => "",
    };

    private static string Render(string name, JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => Quote(name, value.GetValue<string>()),
        JsonValueKind.Number => decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("0.############################", CultureInfo.InvariantCulture)
            : value.ToJsonString(),
        _ => value.ToJsonString(),
    };

    private static string Quote(string name, string text)
    {
        var said = name == "reference" ? WrittenTypes.LastTwo(text)!
            : Time().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
            : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return JsonSerializer.Serialize(said);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d")]
    private static partial Regex Time();
}
