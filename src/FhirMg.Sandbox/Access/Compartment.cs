using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Access;

/// <summary>Which patient a resource belongs to.</summary>
internal static class Compartment
{
    /// <summary>Whether a resource belongs to a patient; null when its type belongs to none (practitioners, medicines).</summary>
    public static bool? Holds(StoredVersion resource, string patient, ServerAddress address)
    {
        if (resource.Type == "Patient")
        {
            return resource.Id == patient;
        }

        if (!SearchParameters.Of(resource.Type).TryGetValue("patient", out var parameter))
        {
            return null;
        }

        var targets = Criterion.Nodes(resource.Content!, parameter).Select(node => References.Target(node, address)).ToList();
        return targets.Contains($"Patient/{patient}");
    }

    /// <summary>The same, and a Provenance also belongs to the patient whose resources it tells of (those that are there already).</summary>
    public static bool? Holds(StoredVersion resource, string patient, StoreState state, ServerAddress address)
    {
        if (resource.Type != "Provenance" || Holds(resource, patient, address) == true)
        {
            return Holds(resource, patient, address);
        }

        var targets = resource.Content!.At("target").OfType<JsonObject>().Select(node => References.Target(node, address)?.Split('/')).ToList();
        return targets.Count > 0 && targets.TrueForAll(target => target is not [var type, var id] || !state.TryGet(type, id, out var found) || Holds(found, patient, address) != false);
    }
}
