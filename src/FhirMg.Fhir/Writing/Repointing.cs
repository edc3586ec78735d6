using System.Text.Json.Nodes;

namespace FhirMg.Fhir.Writing;

/// <summary>
/// Leads what refers to a losing duplicate to the one that stands. Two transactions at once can each create everything, and what stands of
/// one kind may come from one, of another kind from the other.
/// </summary>
internal static class Repointing
{
    /// <summary>Where references to losing duplicates, just found or marked before, are to lead.</summary>
    public static IReadOnlyDictionary<string, string> Of(History history)
    {
        var standing = history.Duplicates.ToDictionary(pair => pair.Loser.Reference, pair => pair.Standing.Reference, StringComparer.Ordinal);
        foreach (var marked in history.Ours.Where(one => one.Standing == Standing.Duplicate))
        {
            if (history.Find(marked.Type, marked.Identifier) is { } stands)
            {
                standing[marked.Reference] = stands.Reference;
            }
        }

        return standing;
    }

    /// <summary>The resource with its references led to what stands; null when none leads elsewhere, or when it would no longer be as we wrote it.</summary>
    public static JsonObject? Apply(JsonObject? resource, IReadOnlyDictionary<string, string> standing, Names names)
    {
        var repointed = resource?.DeepClone().AsObject();
        return repointed is not null
            && ResourceReferences.Replace(repointed, reference => WrittenTypes.LastTwo(reference) is { } name ? standing.GetValueOrDefault(name) : null)
            && new OursParser(names).Parse(repointed) is { AsWritten: true }
                ? repointed
                : null;
    }
}
