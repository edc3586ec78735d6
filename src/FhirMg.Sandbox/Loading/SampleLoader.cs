using System.Globalization;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Loading;

/// <summary>Loads cases into the store, each under ids of its own.</summary>
internal sealed class SampleLoader(FhirStore store)
{
    private readonly List<SamplePatient> _patients = [];
    private readonly List<string> _passedOver = [];

    /// <summary>The patients, in the order of their cases.</summary>
    public IReadOnlyList<SamplePatient> Patients => _patients;

    /// <summary>The resources that were loaded, as <c>Type/id</c>.</summary>
    public HashSet<string> Loaded { get; } = new(StringComparer.Ordinal);

    /// <summary>Files and entries that could not be taken, and why.</summary>
    public IReadOnlyList<string> PassedOver => _passedOver;

    public void Load(IEnumerable<SampleCase> cases) => store.Change(change =>
    {
        foreach (var one in cases)
        {
            try
            {
                Load(change, one.Name, ResourceCheck.Parse(one.Json));
            }
            catch (FhirException e)
            {
                _passedOver.Add($"{one.Name}: {e.Message}");
            }
        }

        return true;
    });

    private void Load(StoreChange change, string name, JsonObject document)
    {
        var entries = document.TextAt("resourceType") == "Bundle" ? (document["entry"] as JsonArray ?? []).OfType<JsonObject>().ToList() : [new() { ["resource"] = document.DeepClone() }];
        var ids = new SampleIds(name);
        var placed = entries.Select((entry, index) => (Entry: entry, Place: Place(ids, entry, index))).ToList();
        // A history is newest first; what came first is stored first.
        foreach (var (entry, place) in document.TextAt("type") == "history" ? placed.AsEnumerable().Reverse() : placed)
        {
            if (place is not (var type, var id))
            {
                _passedOver.Add($"{name}: an entry without a resource that is kept here");
                continue;
            }

            if (entry.TextAt("request.method") == "DELETE")
            {
                change.Delete(type, id);
                continue;
            }

            var resource = (JsonObject)entry["resource"]!.DeepClone();
            JsonPath.RewriteReferences(resource, reference => ids.Rewrite(reference, entry.TextAt("fullUrl")));
            var updated = resource.TextAt("meta.lastUpdated");
            change.Put(type, id, resource, "POST", DateTimeOffset.TryParse(updated, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null);
            Loaded.Add($"{type}/{id}");
            if (type == "Patient" && _patients.TrueForAll(patient => patient.Id != id))
            {
                _patients.Add(new(id, name));
            }
        }
    }

    private static (string Type, string Id)? Place(SampleIds ids, JsonObject entry, int index)
    {
        var url = entry.TextAt("fullUrl");
        var type = entry.TextAt("resource.resourceType");
        var id = entry.TextAt("resource.id");
        if (type is null && entry.TextAt("request.method") == "DELETE" && entry.TextAt("request.url")?.Split('/') is [var deletedType, var deletedId])
        {
            (type, id) = (deletedType, deletedId);
        }

        return type is not null && SearchParameters.Keeps(type) ? (type, ids.Place(type, id, url, index)) : null;
    }
}
