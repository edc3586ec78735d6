using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Loading;

/// <summary>A case as a transaction that puts its resources under ids of its own, so that several cases fit into one server.</summary>
/// <param name="Name">The name of the case: its folder, or the file's.</param>
/// <param name="Entries">The entries: <c>Type/id</c> to put to, and the resource as JSON.</param>
public sealed record SampleTransaction(string Name, IReadOnlyList<(string Url, string Resource)> Entries)
{
    /// <summary>The transaction, as a Bundle in JSON.</summary>
    public string Bundle() => new JsonObject
    {
        ["resourceType"] = "Bundle",
        ["type"] = "transaction",
        ["entry"] = new JsonArray([.. Entries.Select(entry => new JsonObject
        {
            ["resource"] = JsonNode.Parse(entry.Resource),
            ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = entry.Url },
        })]),
    }.ToJsonString();
}

/// <summary>Turns cases into what any FHIR server takes.</summary>
public static class SampleBundles
{
    /// <summary>Reads the cases of a folder.</summary>
    /// <param name="folder">Folder of FHIR bundles (JSON), searched with its sub-folders; null: the samples that come with the program.</param>
    /// <returns>The cases, and why files or entries were passed over.</returns>
    /// <exception cref="SandboxException">The folder is not there, or has no bundles.</exception>
    public static (IReadOnlyList<SampleTransaction> Cases, IReadOnlyList<string> PassedOver) Read(string? folder)
    {
        var (cases, passedOver) = (new List<SampleTransaction>(), new List<string>());
        foreach (var file in SampleFiles.Read(folder))
        {
            try
            {
                cases.Add(Of(file.Name, ResourceCheck.Parse(file.Json), passedOver));
            }
            catch (FhirException e)
            {
                passedOver.Add($"{file.Name}: {e.Message}");
            }
        }

        return (cases, passedOver);
    }

    // Of several versions of a resource the newest is put; one that was deleted is not.
    private static SampleTransaction Of(string name, JsonObject document, List<string> passedOver)
    {
        var ids = new SampleIds(name);
        var entries = document.TextAt("resourceType") == "Bundle" ? (document["entry"] as JsonArray ?? []).OfType<JsonObject>().ToList() : [new() { ["resource"] = document.DeepClone() }];
        var places = entries.Select((entry, index) => entry.TextAt("resource.resourceType") is { } type && SearchParameters.Keeps(type)
            ? $"{type}/{ids.Place(type, entry.TextAt("resource.id"), entry.TextAt("fullUrl"), index)}" : null).ToList();
        var put = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            if (places[i] is not { } place)
            {
                passedOver.Add($"{name}: an entry without a resource of a type that is read here");
                continue;
            }

            var resource = (JsonObject)entries[i]["resource"]!.DeepClone();
            JsonPath.RewriteReferences(resource, reference => ids.Rewrite(reference, entries[i].TextAt("fullUrl")));
            resource["id"] = place.Split('/')[1];
            put.TryAdd(place, resource.ToJsonString());
        }

        return new(name, [.. put.Select(pair => (pair.Key, pair.Value))]);
    }
}
