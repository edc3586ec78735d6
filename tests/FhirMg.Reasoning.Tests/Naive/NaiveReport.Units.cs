using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private sealed record Interval(decimal? Low, bool LowIn, decimal? High, bool HighIn)
    {
        public static Interval From(decimal low) => new(low, true, null, false);

        public static Interval Below(decimal high) => new(null, false, high, false);

        public static Interval Above(decimal low) => new(low, false, null, false);

        public static Interval Closed(decimal? low, decimal? high) => new(low, low is not null, high, high is not null);

        public static Interval HalfOpen(decimal low, decimal high) => new(low, true, high, false);

        public bool IsPoint => Low is not null && Low == High;

        public bool Touches(Interval other)
        {
            var (low, lowIn) = Low is null || (other.Low is not null && (other.Low > Low || (other.Low == Low && !other.LowIn)))
                ? (other.Low, other.LowIn)
                : (Low, LowIn);
            var (high, highIn) = High is null || (other.High is not null && (other.High < High || (other.High == High && !other.HighIn)))
                ? (other.High, other.HighIn)
                : (High, HighIn);
            return low is null || high is null || low < high || (low == high && lowIn && highIn);
        }
    }

    private static decimal? MagnesiumFactor(string unit, bool exactCase)
    {
        var comparison = exactCase ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        bool Same(params string[] spellings) => spellings.Any(s =>
            string.Equals(unit, s, comparison) || (exactCase && unit == s.Replace('L', 'l')));

        return Same("mmol/L") ? 1m
            : Same("umol/L") ? 1000m
            : Same("mol/L") ? 0.001m
            : Same("mg/dL") ? 2.4305m
            : Same("mg/L", "ug/mL") ? 24.305m
            : Same("meq/L") ? 2m
            : exactCase ? null
            : Same("ммоль/л") ? 1m
            : Same("µmol/L", "мкмоль/л") ? 1000m
            : Same("мг/дл") ? 2.4305m
            : Same("мг/л") ? 24.305m
            : Same("мэкв/л") ? 2m
            : null;
    }

    private static (string? Unit, bool Ucum) ChosenUnit(JsonNode? quantity)
    {
        var system = Text(quantity, "system");
        return system == Ucum ? (Text(quantity, "code"), true)
            : system is null ? (Text(quantity, "code") ?? Text(quantity, "unit"), false)
            : (Text(quantity, "unit"), false);
    }

    // How many of the unit make one mmol/L; null when the unit is not one of IN-2's.
    private static decimal? MagnesiumUnit(JsonNode? quantity)
    {
        var (unit, ucum) = ChosenUnit(quantity);
        return unit is null ? null
            : ucum ? MagnesiumFactor(unit, true)
            : MagnesiumFactor(unit.Trim().Replace('\u03BC', '\u00B5'), false);
    }

    private static readonly string[] FiltrationUnits =
    [
        "mL/min/{1.73_m2}", "mL/min/1.73m2", "mL/min/1.73.m2", "mL/min/1.73m^2", "mL/min",
        "мл/мин/1,73м2", "мл/мин/1.73м2", "мл/мин",
    ];

    private static decimal? FiltrationUnit(JsonNode? quantity)
    {
        var unit = ChosenUnit(quantity).Unit;
        if (unit is null)
        {
            return null;
        }

        var dense = string.Concat(unit.Where(c => !char.IsWhiteSpace(c)));
        return FiltrationUnits.Contains(dense, StringComparer.OrdinalIgnoreCase) ? 1m : null;
    }

    // Dividing by one with many decimals drops trailing zeros: 0.50 and 0.5 print alike.
    private static decimal Convert(decimal value, decimal factor)
    {
        try
        {
            return (factor == 0.001m ? value * 1000m : value / factor) / 1.0000000000000000000000000000m;
        }
        catch (OverflowException)
        {
            return value < 0 ? decimal.MinValue : decimal.MaxValue;
        }
    }

    private static (Interval? Value, string? Reason) ReadInterval(JsonNode measured, Func<JsonNode?, decimal?> unitOf)
    {
        if (Get(measured, "dataAbsentReason") is not null)
        {
            return (null, "value");
        }

        if (Get(measured, "valueQuantity") is { } quantity)
        {
            var comparator = Text(quantity, "comparator");
            if (Number(Get(quantity, "value")) is not { } raw || comparator is not (null or "<" or "<=" or ">" or ">="))
            {
                return (null, "value");
            }

            if (unitOf(quantity) is not { } factor)
            {
                return (null, "unit");
            }

            var value = Convert(raw, factor);
            return (comparator switch
            {
                "<" => Interval.Below(value),
                "<=" => Interval.Closed(null, value),
                ">" => Interval.Above(value),
                ">=" => Interval.From(value),
                _ => Interval.Closed(value, value),
            }, null);
        }

        return Get(measured, "valueRange") is { } range ? ReadRange(range, unitOf) : (null, "value");
    }

    private static (Interval? Value, string? Reason) ReadRange(JsonNode range, Func<JsonNode?, decimal?> unitOf)
    {
        JsonNode? low = Get(range, "low"), high = Get(range, "high");
        var ends = new[] { low, high }.OfType<JsonNode>().ToList();
        if (ends.Count == 0 || ends.Any(e => Number(Get(e, "value")) is null || Get(e, "comparator") is not null))
        {
            return (null, "value");
        }

        if (ends.Any(e => unitOf(e) is null))
        {
            return (null, "unit");
        }

        decimal? End(JsonNode? end) =>
            end is null ? null : Convert(Number(Get(end, "value"))!.Value, unitOf(end)!.Value);

        var interval = Interval.Closed(End(low), End(high));
        return interval.Low > interval.High ? (null, "value") : (interval, null);
    }
}
