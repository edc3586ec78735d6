using System.Collections.Frozen;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Ehr;

/// <summary>What each case that comes with the program shows, in a few words.</summary>
internal static class CaseWords
{
    private static readonly JsonArray Groups = Embedded.Json("cases").AsArray();

    private static readonly FrozenDictionary<string, (int Group, int Order, JsonNode Words)> Cases = Groups.SelectMany((group, number) =>
            group!["cases"]!.AsObject().Select((pair, order) => KeyValuePair.Create(pair.Key, (number, order, pair.Value!))))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of the cases.</summary>
    public static IEnumerable<string> Names => Cases.Keys;

    /// <summary>The words for a case in a language; for a case of somebody else's its name.</summary>
    public static string Of(string name, string language) => Cases.TryGetValue(name, out var known) ? known.Words.TextAt(language)! : name.Replace('-', ' ');

    /// <summary>The place of a case in the list: its group and where in it; null for a case of somebody else's.</summary>
    public static (int Group, int Order)? Place(string name) => Cases.TryGetValue(name, out var known) ? (known.Group, known.Order) : null;

    /// <summary>The name of a group.</summary>
    public static string Group(int number, string language) => Groups[number].TextAt(language)!;
}
