using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace FhirMg.Sandbox.Fhir;

/// <summary>All versions of all resources at one moment; immutable, so a reader never sees half of a transaction.</summary>
internal sealed record StoreState(ImmutableDictionary<string, ImmutableDictionary<string, ImmutableList<StoredVersion>>> Types)
{
    public static StoreState Empty { get; } = new(ImmutableDictionary.Create<string, ImmutableDictionary<string, ImmutableList<StoredVersion>>>(StringComparer.Ordinal));

    /// <summary>The versions of a resource, oldest first; empty when there never was one.</summary>
    public ImmutableList<StoredVersion> Versions(string type, string id) =>
        Types.TryGetValue(type, out var ids) && ids.TryGetValue(id, out var versions) ? versions : [];

    public bool TryGet(string type, string id, [NotNullWhen(true)] out StoredVersion? current)
    {
        var versions = Versions(type, id);
        current = versions.IsEmpty || versions[^1].Content is null ? null : versions[^1];
        return current is not null;
    }

    /// <summary>The current resources of a type, in the order of their ids.</summary>
    public IEnumerable<StoredVersion> Of(string type) => Types.TryGetValue(type, out var ids)
        ? ids.Values.Select(versions => versions[^1]).Where(version => version.Content is not null).OrderBy(version => version.Id, StringComparer.Ordinal)
        : [];

    public StoreState With(StoredVersion version)
    {
        var ids = Types.GetValueOrDefault(version.Type) ?? ImmutableDictionary.Create<string, ImmutableList<StoredVersion>>(StringComparer.Ordinal);
        return new(Types.SetItem(version.Type, ids.SetItem(version.Id, Versions(version.Type, version.Id).Add(version))));
    }
}
