using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Fhir;

/// <summary>What an interaction comes to.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The resource; null when there is none.</param>
/// <param name="Version">The version that was read or written, for ETag, Last-Modified and Location; null for others.</param>
internal sealed record FhirAnswer(int Status, JsonObject? Body, StoredVersion? Version = null)
{
    /// <summary>Whether a Location header is due.</summary>
    public bool IsWrite { get; init; }

    public static FhirAnswer Written(int status, StoredVersion version) => new(status, version.Content, version) { IsWrite = true };
}
