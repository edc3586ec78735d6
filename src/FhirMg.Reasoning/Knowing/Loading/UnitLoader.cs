using System.Text.Json;

namespace FhirMg.Reasoning.Knowing.Loading;

/// <summary>Reads the units that a quantity may be given in, with all their spellings (IN-2).</summary>
internal static class UnitLoader
{
    public static UnitTable Magnesium(Node codeSystem) => Load(codeSystem, new(caseSensitiveCodes: true),
        concept => new(concept["code"].String, Property(concept, "per-mmol-per-litre")["valueDecimal"].Decimal, Indexed: true));

    public static UnitTable Egfr(Node codeSystem) => Load(codeSystem, new(caseSensitiveCodes: false),
        concept => new(concept["code"].String, 1, Property(concept, "indexed")["valueBoolean"].Json.ValueKind == JsonValueKind.True));

    private static UnitTable Load(Node codeSystem, UnitTable table, Func<Node, Unit> read)
    {
        foreach (var concept in codeSystem.Each("concept"))
        {
            var unit = read(concept);
            if (unit.PerCanonical <= 0)
            {
                throw concept.Refuse("the factor of a unit must be positive");
            }

            table.Add(unit, concept.Each("designation")
                .Where(designation => designation.Has("use") && designation["use"]["code"].String == "spelling")
                .Select(designation => designation["value"].String));
        }

        return table;
    }

    private static Node Property(Node concept, string code)
    {
        foreach (var property in concept.Each("property"))
        {
            if (property["code"].String == code)
            {
                return property;
            }
        }

        throw concept.Refuse($"the property '{code}' is missing");
    }
}
