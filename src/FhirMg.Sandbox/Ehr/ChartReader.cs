using System.Text.Json.Nodes;
using FhirMg.Sandbox.Access;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Ehr;

/// <summary>Reads and writes the store as the EHR itself, which no scope or fault holds back.</summary>
internal sealed class ChartReader(FhirStore store, ServerAddress address)
{
    private readonly Interactions _interactions = new(Grant.Open(store, address), new VendorProfile(VendorProfile.Names[0]), address);

    /// <summary>What a query such as <c>Patient/1</c> or <c>Observation?patient=1</c> finds, whole; an OperationOutcome when it cannot be answered.</summary>
    public JsonObject Read(string query)
    {
        try
        {
            var question = query.IndexOf('?', StringComparison.Ordinal);
            var path = (question < 0 ? query : query[..question]).Split('/');
            var parameters = SearchQuery.Parameters(question < 0 ? "" : query[question..]).Where(pair => pair.Key != "_count").Append(new("_count", "1000"));
            return path is [var type, var id]
                ? (JsonObject)_interactions.Read(store.Now, type, id).Body!.DeepClone()
                : new SearchAnswers(Grant.Open(store, address), new VendorProfile(VendorProfile.Names[0]), new ResultPages(), address, _interactions).Search(store.Now, path[0], parameters, lenient: false);
        }
        catch (FhirException e)
        {
            return Outcome.Of(e);
        }
    }

    /// <summary>Creates or updates a resource.</summary>
    /// <exception cref="FhirException">It cannot be stored.</exception>
    public StoredVersion Write(JsonObject resource)
    {
        var type = resource.TextAt("resourceType") ?? throw FhirException.Invalid("The action's resource has no resourceType.");
        return store.Change(change => resource.TextAt("id") is { } id && change.State.TryGet(type, id, out _)
            ? _interactions.Update(change, type, id, resource, null).Version!
            : _interactions.Create(change, type, resource, null).Version!);
    }
}
