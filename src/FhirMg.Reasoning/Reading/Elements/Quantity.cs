using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>A Quantity as written, with the units that it names as magnesium and as filtration rate.</summary>
internal struct Quantity
{
    /// <summary>Whether it is there, and an object.</summary>
    public bool IsGiven;

    public decimal? Value;

    /// <summary>Where the number of its value stands, and how long it is; nowhere when there is none.</summary>
    public (int Start, int Length) Written;

    public Comparator Comparator;
    public Unit? MagnesiumUnit, EgfrUnit;

    /// <summary>The unit as written, where it is none of the known ones.</summary>
    public string? UnknownUnit;

    /// <summary>Reads the Quantity of the property reached.</summary>
    public static void Read(ref ElementReader reader, Terminology terminology, out Quantity quantity)
    {
        quantity = default;
        if (!reader.EnterObject())
        {
            return;
        }

        quantity.IsGiven = true;
        ReadOnlySpan<byte> system = default, code = default, unit = default;
        while (reader.NextProperty())
        {
            if (reader.Is("value"u8))
            {
                quantity.Value = reader.Number();
                quantity.Written = quantity.Value is null ? default : (reader.Json.Position, reader.Json.ValueSpan.Length);
            }
            else if (reader.Is("unit"u8))
            {
                unit = reader.String();
            }
            else if (reader.Is("system"u8))
            {
                system = reader.String();
            }
            else if (reader.Is("code"u8))
            {
                code = reader.String();
            }
            else if (reader.Is("comparator"u8))
            {
                quantity.Comparator = Parse(reader.String());
            }
            else
            {
                reader.Skip();
            }
        }

        var kind = system.IsEmpty ? CodeSystemKind.Absent
            : system.SequenceEqual("http://unitsofmeasure.org"u8) ? CodeSystemKind.Ucum : CodeSystemKind.Other;
        quantity.MagnesiumUnit = terminology.MagnesiumUnits.Find(kind, code, code.IsGiven(), unit);
        quantity.EgfrUnit = quantity.MagnesiumUnit is null ? terminology.EgfrUnits.Find(kind, code, code.IsGiven(), unit) : null;
        if (quantity.MagnesiumUnit is null && quantity.EgfrUnit is null)
        {
            // For people to read: what is no UTF-8 in it shows as such, and sets nothing aside.
            quantity.UnknownUnit = System.Text.Encoding.UTF8.GetString(Labels.Shorten(unit.IsEmpty ? code : unit));
        }
    }

    /// <summary>The unit that it names of one kind of quantity; null when it is none of them.</summary>
    public readonly Unit? Unit(UnitKind kind) => kind == UnitKind.Magnesium ? MagnesiumUnit : EgfrUnit;

    /// <summary>The interval that its value and comparator name, in the canonical unit; null for a comparator that names none.</summary>
    /// <param name="unit">The unit that it names; its value is given.</param>
    public readonly Interval? Interval(Unit unit)
    {
        var amount = unit.ToCanonical(Value!.Value);
        return Comparator switch
        {
            Comparator.None => Reading.Interval.Point(amount),
            Comparator.Less => new(null, false, amount, true),
            Comparator.LessOrEqual => new(null, false, amount, false),
            Comparator.Greater => new(amount, true, null, false),
            Comparator.GreaterOrEqual => new(amount, false, null, false),
            _ => null,
        };
    }

    private static Comparator Parse(ReadOnlySpan<byte> text) =>
        !text.IsGiven() ? Comparator.None
        : text.SequenceEqual("<"u8) ? Comparator.Less
        : text.SequenceEqual("<="u8) ? Comparator.LessOrEqual
        : text.SequenceEqual(">"u8) ? Comparator.Greater
        : text.SequenceEqual(">="u8) ? Comparator.GreaterOrEqual
        : Comparator.Other;
}

/// <summary>The comparators of a Quantity.</summary>
internal enum Comparator : byte
{
    None,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    /// <summary>One that FHIR R4 does not know: the value cannot be compared.</summary>
    Other,
}

/// <summary>The kinds of quantity whose units are told apart.</summary>
internal enum UnitKind : byte
{
    Magnesium,
    Egfr,
}
