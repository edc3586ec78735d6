using System.Text.Json;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Knowing;

/// <summary>Elements of knowledge artifacts that a reviewer reads and the rules do not.</summary>
internal static class Artifact
{
    public static IEnumerable<JsonElement> OfType(Knowledge knowledge, string type) => knowledge.Artifacts
        .Where(artifact => artifact.GetProperty("resourceType").ValueEquals(type)).OrderBy(Id, StringComparer.Ordinal);

    public static string Id(JsonElement artifact) => artifact.GetProperty("id").GetString()!;

    /// <summary>The title; resources that have no such element carry it in an extension.</summary>
    public static Text Title(JsonElement artifact) => ArtifactText.Of(artifact, "title")
        ?? Extensions(artifact, "artifact-title").Select(extension => ArtifactText.Of(extension, "valueString")).FirstOrDefault()
        ?? new(Id(artifact), Id(artifact));

    /// <summary>The extensions of our own with this name.</summary>
    public static IEnumerable<JsonElement> Extensions(JsonElement element, string name) => ArtifactText.Each(element, "extension")
        .Where(extension => extension.GetProperty("url").GetString()!.EndsWith($"/StructureDefinition/{name}", StringComparison.Ordinal));

    /// <summary>The part of a complex extension with this name.</summary>
    public static JsonElement Part(JsonElement extension, string name) =>
        ArtifactText.Each(extension, "extension").First(part => part.GetProperty("url").ValueEquals(name));

    public static string? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ToString() : null;
}
