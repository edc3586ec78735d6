using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Ehr;

/// <summary>JSON that comes with the program.</summary>
internal static class Embedded
{
    public static JsonNode Json(string name)
    {
        using var stream = typeof(Embedded).Assembly.GetManifestResourceStream(name)!;
        return JsonNode.Parse(stream)!;
    }

    public static string Text(string name)
    {
        using var reader = new StreamReader(typeof(Embedded).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <summary>Puts the hospital's clinicians into the store.</summary>
    public static void AddStaff(FhirStore store) => store.Change(change =>
    {
        foreach (var one in Json("practitioners").AsArray().OfType<JsonObject>())
        {
            change.Put("Practitioner", one.TextAt("id")!, one, "POST");
        }

        return true;
    });
}
