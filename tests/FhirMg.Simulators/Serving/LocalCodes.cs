using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>Codes of a laboratory that were never, or not only, mapped to a standard.</summary>
internal static class LocalCodes
{
    public static JsonObject Applied(JsonObject resource, CodeStyle style)
    {
        if (style == CodeStyle.Standard || resource["resourceType"]?.ToString() != "Observation" || resource["code"]?["coding"] is not JsonArray { Count: > 0 } given)
        {
            return resource;
        }

        var copy = resource.DeepClone().AsObject();
        var local = new JsonObject { ["system"] = Vendors.LocalSystem, ["code"] = $"L-{given[0]!["code"]}" };
        var kept = style == CodeStyle.LocalFirst ? given.Select(c => c?.DeepClone()) : [];
        copy["code"]!["coding"] = new JsonArray([local, .. kept]);
        return copy;
    }
}
