using System.Text.Json.Nodes;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>Why we withdraw something of ours – codes of our code system – and how that is written.</summary>
internal static class Withdrawals
{
    public const string Superseded = "withdrawn-superseded";
    public const string NotIndicated = "withdrawn-not-indicated";
    public const string Safety = "withdrawn-safety";
    public const string OnTherapy = "withdrawn-on-therapy";
    public const string Decided = "withdrawn-decided";
    public const string Duplicate = "withdrawn-duplicate";

    private const string Translation = "http://hl7.org/fhir/StructureDefinition/translation";

    /// <summary>The code of ours by which a resource says that we withdrew it; null when it does not say so.</summary>
    public static string? In(JsonObject resource, Names names) =>
        resource.Items("statusReason").Concat(resource.Extensions(names.Withdrawal).SelectMany(extension => extension.Items("valueCodeableConcept")))
            .SelectMany(reason => reason.Items("coding")).Concat(resource.Member("meta").Items("tag"))
            .Where(coding => coding.Text("system") == names.CodeSystem)
            .Select(coding => coding.Text("code")).FirstOrDefault(code => code?.StartsWith("withdrawn-", StringComparison.Ordinal) == true);

    /// <summary>The resource as it is written back: status and reason changed, everything else as the server gave it.</summary>
    public static JsonObject Apply(JsonObject resource, string reason, Knowledge knowledge, Language language)
    {
        var names = new Names(knowledge.CanonicalBase);
        var type = resource.Text("resourceType")!;
        var withdrawn = resource.DeepClone().AsObject();
        if (type == "Provenance")
        {
            // It has no status, so the mark is a tag.
            Append(withdrawn["meta"]!.AsObject(), "tag", new() { ["system"] = names.CodeSystem, ["code"] = reason });
            return withdrawn;
        }

        withdrawn["status"] = reason == Duplicate ? "entered-in-error" : WrittenTypes.WithdrawnStatus(type);
        var concept = Concept(names, reason, knowledge.Terms[reason], language);
        if (WrittenTypes.HasStatusReason(type))
        {
            withdrawn["statusReason"] = concept;
        }
        else
        {
            Append(withdrawn, "extension", new() { ["url"] = names.Withdrawal, ["valueCodeableConcept"] = concept });

            // For servers that drop extensions: without its reason, our withdrawal would read as a person's rejection.
            withdrawn["meta"] ??= new JsonObject();
            Append(withdrawn["meta"]!.AsObject(), "tag", new() { ["system"] = names.CodeSystem, ["code"] = reason });
        }

        // Our profiles describe what is proposed; servers that validate would refuse anything else under their name.
        if (withdrawn["meta"] is JsonObject meta && meta["profile"] is JsonArray profiles)
        {
            profiles.RemoveAll(profile => profile?.ToString().StartsWith(names.Profiles, StringComparison.Ordinal) == true);
            if (profiles.Count == 0)
            {
                meta.Remove("profile");
            }
        }

        return withdrawn;
    }

    private static JsonObject Concept(Names names, string code, Text words, Language language)
    {
        var other = language == Language.Russian ? Language.English : Language.Russian;
        return new()
        {
            ["coding"] = new JsonArray(new JsonObject { ["system"] = names.CodeSystem, ["code"] = code, ["display"] = words[language] }),
            ["text"] = words[language],
            ["_text"] = new JsonObject
            {
                ["extension"] = new JsonArray(new JsonObject
                {
                    ["url"] = Translation,
                    ["extension"] = new JsonArray(
                        new JsonObject { ["url"] = "lang", ["valueCode"] = other == Language.Russian ? "ru" : "en" },
                        new JsonObject { ["url"] = "content", ["valueString"] = words[other] }),
                }),
            },
        };
    }

    private static void Append(JsonObject parent, string name, JsonObject item)
    {
        if (parent[name] is JsonArray array)
        {
            array.Add(item);
        }
        else
        {
            parent[name] = new JsonArray(item);
        }
    }
}
