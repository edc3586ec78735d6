using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Fhir;

/// <summary>One version of a resource.</summary>
/// <param name="Content">The resource as it is served; null when this version is its deletion. Never changed.</param>
internal sealed record StoredVersion(string Type, string Id, int Version, DateTimeOffset LastUpdated, string Method, JsonObject? Content)
{
    public string Reference => $"{Type}/{Id}";

    public string ETag => $"W/\"{Version}\"";
}
