using System.Text;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Knowing;

/// <summary>A unit that a quantity may be given in.</summary>
/// <param name="Code">Its UCUM code.</param>
/// <param name="PerCanonical">How many of it make one of the canonical unit (1 mmol/L = 2.4305 mg/dL).</param>
/// <param name="Indexed">False for a glomerular filtration rate not related to body surface.</param>
internal sealed record Unit(string Code, decimal PerCanonical, bool Indexed)
{
    private readonly bool _isCanonical = PerCanonical == 1;

    /// <summary>An amount of it in the canonical unit.</summary>
    public decimal ToCanonical(decimal amount) => _isCanonical ? amount : amount / PerCanonical;
}

/// <summary>The units of one kind of quantity, by code and by every accepted spelling (rule IN-2).</summary>
internal sealed class UnitTable(bool caseSensitiveCodes)
{
    private const int FoundCount = 64;
    private readonly Dictionary<string, Unit> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Unit> _spellings = new(StringComparer.OrdinalIgnoreCase);
    private readonly Found?[] _found = new Found?[FoundCount];

    /// <summary>The units, each once, in the order of their codes.</summary>
    public IEnumerable<Unit> Units => _codes.Values.Distinct().OrderBy(unit => unit.Code, StringComparer.Ordinal);

    /// <summary>Adds a unit with the spellings that are read as text beside its code.</summary>
    public void Add(Unit unit, IEnumerable<string> spellings)
    {
        _codes[unit.Code] = unit;
        _codes[unit.Code.Replace("/L", "/l", StringComparison.Ordinal).Replace("/dL", "/dl", StringComparison.Ordinal)
            .Replace("/mL", "/ml", StringComparison.Ordinal)] = unit;
        foreach (var spelling in spellings.Append(unit.Code))
        {
            _spellings[Compact(spelling)] = unit;
        }

        Array.Clear(_found);
    }

    /// <summary>The unit that a Quantity's <c>system</c>, <c>code</c> and <c>unit</c> name, or null: units are never guessed.</summary>
    public Unit? Find(CodeSystemKind system, ReadOnlySpan<byte> code, bool hasCode, ReadOnlySpan<byte> unit) => system switch
    {
        CodeSystemKind.Ucum when !hasCode => null,
        CodeSystemKind.Ucum when caseSensitiveCodes => Lookup(_codes, code, asText: false),
        CodeSystemKind.Ucum => Lookup(_spellings, code, asText: true),
        CodeSystemKind.Absent when hasCode => Lookup(_spellings, code, asText: true),
        _ => Lookup(_spellings, unit, asText: true),
    };

    private Unit? Lookup(Dictionary<string, Unit> units, ReadOnlySpan<byte> text, bool asText)
    {
        const int Longest = 64;
        if (text.IsEmpty || text.Length > Longest)
        {
            return null;
        }

        // There are few spellings in use: the answers given last are kept, and threads may see each other's, which are as good.
        ref var place = ref _found[(text.Length ^ (text[0] << 1) ^ (text[^1] << 2)) % FoundCount];
        var known = Volatile.Read(ref place);
        if (known is not null && known.Units == units && text.SequenceEqual(known.Text))
        {
            return known.Unit;
        }

        Span<char> chars = stackalloc char[Longest];
        var read = chars[..Encoding.UTF8.GetChars(text, chars)];
        if (asText)
        {
            read = caseSensitiveCodes ? Trim(read) : Compact(read);
        }

        units.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(read, out var unit);
        Volatile.Write(ref place, new(units, text.ToArray(), unit));
        return unit;
    }

    private string Compact(string spelling) => caseSensitiveCodes ? spelling : spelling.Replace(" ", "", StringComparison.Ordinal);

    private static Span<char> Trim(Span<char> text) => text.Trim();

    private static Span<char> Compact(Span<char> text)
    {
        var length = 0;
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
            {
                text[length++] = c;
            }
        }

        return text[..length];
    }

    private sealed record Found(Dictionary<string, Unit> Units, byte[] Text, Unit? Unit);
}
