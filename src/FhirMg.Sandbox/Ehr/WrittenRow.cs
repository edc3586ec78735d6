using System.Text.Json.Nodes;
using FhirMg.Sandbox.Access;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Loading;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Ehr;

/// <summary>A resource that was written to a chart after it was loaded.</summary>
internal sealed record WrittenRow(string Reference, string Url, string What, string Status, string Author, int Version)
{
    /// <summary>The type of the resource.</summary>
    public string Type => Reference.Split('/')[0];

    private static readonly string[] Titles =
        ["medicationCodeableConcept.text", "medicationCodeableConcept.coding.display", "code.text", "code.coding.display", "prediction.outcome.text", "prediction.outcome.coding.display", "payload.contentString", "description", "action.title", "questionnaire"];

    private static readonly string[] Authors = ["requester", "performer", "author", "source", "agent.who"];

    public static IReadOnlyList<WrittenRow> Of(string patient, FhirStore store, SampleLoader loader, ServerAddress address)
    {
        var now = store.Now;
        return [.. SearchParameters.Kept.SelectMany(now.Of).Where(one => !loader.Loaded.Contains(one.Reference) || one.Version > 1)
            .Where(one => Compartment.Holds(one, patient, now, address) == true).OrderByDescending(one => one.LastUpdated).Select(one => Row(one, now, address))];
    }

    private static WrittenRow Row(StoredVersion one, StoreState state, ServerAddress address)
    {
        var content = one.Content!;
        var author = Authors.SelectMany(path => content.At(path)).FirstOrDefault();
        return new(one.Reference, $"{address.FhirBase}/{one.Reference}", Titles.Select(path => content.TextAt(path)).FirstOrDefault(text => text is not null) ?? "", content.TextAt("status") ?? "", Name(author, state, address), one.Version);
    }

    private static string Name(JsonNode? author, StoreState state, ServerAddress address) => author is null ? ""
        : author.TextAt("display") ?? (References.Target(author, address)?.Split('/') is [var type, var id] && state.TryGet(type, id, out var known) ? People.NameOf(known.Content!) : author.TextAt("reference") ?? "");
}
