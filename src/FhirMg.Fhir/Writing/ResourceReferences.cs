using System.Text.Json.Nodes;

namespace FhirMg.Fhir.Writing;

/// <summary>The references in a resource.</summary>
internal static class ResourceReferences
{
    /// <summary>Leads references elsewhere.</summary>
    /// <param name="node">The resource, which is changed.</param>
    /// <param name="replacement">What stands in place of a reference; null to leave it.</param>
    /// <returns>Whether any was changed.</returns>
    public static bool Replace(JsonNode? node, Func<string, string?> replacement)
    {
        var changed = false;
        switch (node)
        {
            case JsonObject members:
                if (members.Text("reference") is { } reference && replacement(reference) is { } other)
                {
                    members["reference"] = other;
                    changed = true;
                }

                foreach (var (_, member) in members)
                {
                    changed |= Replace(member, replacement);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    changed |= Replace(item, replacement);
                }

                break;
        }

        return changed;
    }
}
