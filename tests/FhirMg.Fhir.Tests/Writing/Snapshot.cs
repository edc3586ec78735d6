using System.Text.Json.Nodes;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>What a server holds.</summary>
internal static class Snapshot
{
    private static readonly OursParser Parser = new(Knowledge.BuiltIn.CanonicalBase);

    /// <summary>Everything to the letter, ids and versions too.</summary>
    public static string Exact(IEnumerable<JsonObject> dump) => string.Join('\n', dump.Select(resource => resource.ToJsonString()).Order(StringComparer.Ordinal));

    /// <summary>Everything but what a server gives by itself – ids, versions and times of writing – and what follows from it.</summary>
    public static string Of(IReadOnlyList<JsonObject> dump)
    {
        var keys = new Dictionary<string, string>();
        foreach (var resource in dump)
        {
            var ours = Parser.Parse(resource);
            keys[$"{resource.Text("resourceType")}/{resource.Text("id")}"] = ours is null ? $"other {resource.Text("id")}" : $"{ours.Type} {ours.Identifier}";
        }

        return string.Join('\n', dump.Select(resource =>
        {
            var copy = resource.DeepClone().AsObject();
            copy.Remove("id");
            copy["meta"]?.AsObject().Remove("versionId");
            copy["meta"]?.AsObject().Remove("lastUpdated");

            // It is of the whole content, and so of the ids in it.
            copy["extension"]?.AsArray().RemoveAll(extension => extension.Text("url") == Parser.Names.Fingerprint);
            copy["meta"]?["tag"]?.AsArray().RemoveAll(tag => tag.Text("system") == Parser.Names.Fingerprint);
            var text = copy.ToJsonString();
            return keys.Aggregate(text, (json, pair) => json.Replace($"\"{pair.Key}\"", $"\"{pair.Value}\"", StringComparison.Ordinal));
        }).Order(StringComparer.Ordinal));
    }

    /// <summary>Ours, without losing duplicates.</summary>
    public static IReadOnlyList<OursOnServer> Standing(IEnumerable<JsonObject> dump) =>
        [.. dump.Select(Parser.Parse).OfType<OursOnServer>().Where(one => one.Standing != Fhir.Writing.Standing.Duplicate)];
}
