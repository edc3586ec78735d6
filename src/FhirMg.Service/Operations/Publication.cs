using FhirMg.Reasoning.Knowing;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace FhirMg.Service.Operations;

/// <summary>One published artifact of the knowledge.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id.</param>
/// <param name="Url">Canonical url; null for a type that has none (NamingSystem, ObservationDefinition).</param>
/// <param name="Version">Business version; null when not stated.</param>
/// <param name="Json">The artifact as it was read, UTF-8.</param>
internal sealed record Artifact(string Type, string Id, string? Url, string? Version, byte[] Json)
{
    /// <summary>Weak entity tag of the content.</summary>
    public string ETag { get; } = $"W/\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Json)[..8])}\"";

    /// <summary>The artifact parsed anew; the caller may change it.</summary>
    public Resource Parse() => new FhirJsonDeserializer().DeserializeResource(System.Text.Encoding.UTF8.GetString(Json));
}

/// <summary>The knowledge as FHIR resources to read and to search.</summary>
internal sealed class Publication(Knowledge knowledge)
{
    private readonly Dictionary<(string Type, string Id), Artifact> _artifacts = knowledge.Artifacts
        .Select(json => new Artifact(
            json.GetProperty("resourceType").GetString()!, json.GetProperty("id").GetString()!, Text(json, "url"), Text(json, "version"),
            System.Text.Encoding.UTF8.GetBytes(json.GetRawText())))
        .ToDictionary(artifact => (artifact.Type, artifact.Id));

    /// <summary>The knowledge that is published.</summary>
    public Knowledge Knowledge { get; } = knowledge;

    /// <summary>The types that there are artifacts of, sorted.</summary>
    public IReadOnlyList<string> Types => [.. _artifacts.Keys.Select(key => key.Type).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Finds an artifact; null when there is none.</summary>
    public Artifact? Find(string type, string id) => _artifacts.GetValueOrDefault((type, id));

    /// <summary>The artifacts of a type, by id.</summary>
    public IEnumerable<Artifact> Of(string type) => _artifacts.Values.Where(artifact => artifact.Type == type).OrderBy(artifact => artifact.Id, StringComparer.Ordinal);

    /// <summary>When the plan was last changed, as it says itself.</summary>
    public string Date { get; } = Text(knowledge.Artifacts.First(json => Text(json, "url") == knowledge.Url), "date")!;

    private static string? Text(System.Text.Json.JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
