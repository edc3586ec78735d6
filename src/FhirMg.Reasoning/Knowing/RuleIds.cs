using System.Collections.Frozen;

namespace FhirMg.Reasoning.Knowing;

/// <summary>Rule ids as people write them: <c>RX-1</c>, <c>SAFE-12</c>.</summary>
public static class RuleIds
{
    private static readonly string[] Ids = [.. Enum.GetNames<Rule>().Select(Spell)];
    private static readonly FrozenDictionary<string, Rule> ById =
        Enum.GetValues<Rule>().ToFrozenDictionary(rule => Ids[(int)rule], StringComparer.OrdinalIgnoreCase);

    /// <summary>The number of rules.</summary>
    public static int Count => Ids.Length;

    /// <summary>The id of a rule, e.g. <c>RX-1</c>.</summary>
    public static string Id(this Rule rule) => Ids[(int)rule];

    /// <summary>Finds a rule by its id, without regard to case.</summary>
    /// <returns>False when there is no such rule.</returns>
    public static bool TryParse(string id, out Rule rule) => ById.TryGetValue(id, out rule);

    private static string Spell(string name)
    {
        var digits = name.AsSpan().IndexOfAnyInRange('0', '9');
        return $"{name[..digits].ToUpperInvariant()}-{name[digits..]}";
    }
}
