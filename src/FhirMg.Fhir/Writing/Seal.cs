using System.Text.Json.Nodes;

namespace FhirMg.Fhir.Writing;

/// <summary>
/// What our extensions say of a resource, as a tag: servers that drop extensions which they do not know keep tags. Without it such a
/// server's drafts could be neither told from a person's work nor withdrawn.
/// </summary>
/// <param name="Rule">The rule's id; empty where several stand behind the resource.</param>
/// <param name="Class">The deficiency class as a word; empty for none.</param>
/// <param name="Digest">The fingerprint of the content without extensions.</param>
internal sealed record Seal(string Rule, string Class, string Digest)
{
    private const char Separator = '.';

    /// <summary>The seal of a resource that is about to be written.</summary>
    public static Seal Of(JsonObject resource, Names names) => new(
        resource.Extensions(names.Rule).Select(extension => extension.Text("valueCode")).FirstOrDefault() ?? "",
        resource.Extensions(names.Class).SelectMany(extension => extension.Member("valueCodeableConcept").Items("coding")).Select(coding => coding.Text("code")).FirstOrDefault() ?? "",
        Fingerprint.WithoutExtensions(resource));

    /// <summary>The seal that a resource carries; null for none.</summary>
    public static Seal? In(JsonObject resource, Names names) =>
        resource.Member("meta").Items("tag").Where(tag => tag.Text("system") == names.Fingerprint).Select(tag => tag.Text("code")?.Split(Separator)).FirstOrDefault() is [var rule, var word, var digest]
            ? new(rule, word, digest)
            : null;

    /// <summary>Adds it to the resource.</summary>
    public void AddTo(JsonObject resource, Names names)
    {
        var tag = new JsonObject { ["system"] = names.Fingerprint, ["code"] = string.Join(Separator, Rule, Class, Digest) };
        if (resource["meta"] is not JsonObject meta)
        {
            resource["meta"] = meta = [];
        }

        if (meta["tag"] is JsonArray tags)
        {
            tags.Add(tag);
        }
        else
        {
            meta["tag"] = new JsonArray(tag);
        }
    }
}
