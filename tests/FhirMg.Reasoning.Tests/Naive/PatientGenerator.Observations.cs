using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal sealed partial class PatientGenerator
{
    private const string Ucum = "http://unitsofmeasure.org";

    private static readonly decimal[] Edges =
    [
        0.3m, 0.3999m, 0.4m, 0.4999m, 0.5m, 0.6199m, 0.62m, 0.6599m, 0.66m, 0.6999m, 0.7m, 0.7999m, 0.8m, 0.85m, 0.8501m, 0.86m,
        0.8601m, 0.91m, 0.9101m, 0.95m, 0.9501m, 1.07m, 1.0701m,
    ];

    private static readonly decimal[] Usual = [0.55m, 0.58m, 0.61m, 0.64m, 0.68m, 0.72m, 0.75m, 0.78m, 0.82m, 0.84m, 0.88m, 0.9m];

    private static readonly decimal[] Odd = [0m, -0.1m, 0.0001m, 9.9m, 10m, 10.0001m, 1.3m, 2.5m];

    private static JsonObject Coding(string system, string code) => new() { ["system"] = system, ["code"] = code };

    private static JsonObject Concept(params JsonObject[] codings) => new() { ["coding"] = new JsonArray([.. codings]) };

    private static JsonObject Loinc(string code) => Coding("http://loinc.org", code);

    private static JsonObject Snomed(string code) => Coding("http://snomed.info/sct", code);

    private decimal Millimoles()
    {
        var kind = Below(100);
        return kind < 55 ? Pick(Usual) : kind < 97 ? Pick(Edges) + (Chance(0.1) ? Pick(0.0001m, -0.0001m) : 0) : Pick(Odd);
    }

    private JsonObject Magnesium(decimal millimoles, bool plain)
    {
        var (factor, quantity) = plain || Chance(0.6)
            ? (1m, new JsonObject { ["unit"] = "mmol/L", ["system"] = Ucum, ["code"] = "mmol/L" })
            : Chance(0.85) ? GoodUnit() : (1m, BadUnit());
        quantity["value"] = Chance(0.05) ? Math.Round(millimoles * factor, 2) : millimoles * factor;
        return quantity;
    }

    private (decimal Factor, JsonObject Quantity) GoodUnit()
    {
        var (factor, spellings) = Pick<(decimal, string[])>(
            (1m, ["mmol/L", "mmol/l", "MMOL/L", "ммоль/л", " mmol/L ", "Ммоль/Л"]),
            (1000m, ["umol/L", "umol/l", "µmol/L", "\u03BCmol/l", "мкмоль/л"]),
            (0.001m, ["mol/L", "mol/l"]),
            (2.4305m, ["mg/dL", "mg/dl", "MG/DL", "мг/дл"]),
            (24.305m, ["mg/L", "ug/mL", "ug/ml", "мг/л"]),
            (2m, ["meq/L", "mEq/L", "MEQ/L", "мэкв/л"]));
        var text = Pick(spellings);
        return (factor, Below(5) switch
        {
            0 => new JsonObject { ["unit"] = text },
            1 => new JsonObject { ["code"] = text },
            2 => new JsonObject { ["code"] = text, ["unit"] = "Mg" },
            3 => new JsonObject { ["system"] = "urn:oid:1.2.3.4", ["code"] = "17", ["unit"] = text },
            _ => new JsonObject { ["system"] = Ucum, ["code"] = spellings[Pick(0, 1)], ["unit"] = "anything" },
        });
    }

    private JsonObject BadUnit() => Pick(
        new JsonObject(),
        new JsonObject { ["system"] = Ucum },
        new JsonObject { ["system"] = Ucum, ["unit"] = "mmol/L" },
        new JsonObject { ["system"] = Ucum, ["code"] = Pick("MMOL/L", "mEq/L", "µmol/L", "ммоль/л", " mmol/L", "mmol", "Mmol/L") },
        new JsonObject { ["unit"] = Pick("mmol", "ммоль", "mg", "mg/24h", "mmol / L", "mm\u043El/L", "mmol/kg", "%", "мкг/мл", "mg%") },
        new JsonObject { ["code"] = "?", ["unit"] = "mmol/L" },
        new JsonObject { ["system"] = "urn:oid:1.2.3.4", ["code"] = "mmol/L" },
        new JsonObject { ["system"] = "urn:oid:1.2.3.4", ["code"] = "mmol/L", ["unit"] = "ед." });

    private void SetMagnesium(JsonObject part, bool plain)
    {
        var value = Millimoles();
        var kind = plain ? 0 : Below(100);
        if (kind < 84)
        {
            part["valueQuantity"] = Magnesium(value, plain);
        }
        else if (kind < 92)
        {
            var quantity = Magnesium(value, false);
            quantity["comparator"] = Pick("<", "<=", ">", ">=", "<", ">", "~", "ad", "=", "");
            part["valueQuantity"] = quantity;
        }
        else if (kind < 95)
        {
            var (low, high) = (Magnesium(value, false), Magnesium(value + Pick(0m, 0.05m, 0.2m, -0.1m), false));
            part["valueRange"] = Below(5) switch
            {
                0 => new JsonObject { ["low"] = low },
                1 => new JsonObject { ["high"] = high },
                2 => new JsonObject { ["low"] = null },
                _ => new JsonObject { ["low"] = low, ["high"] = high },
            };
        }
        else if (kind < 96)
        {
            part["valueString"] = Pick("0.65 mmol/L", "haemolysed", "низкий");
        }
        else if (kind < 97)
        {
            part["valueQuantity"] = new JsonObject { ["unit"] = "mmol/L" };
        }
        else if (kind < 99)
        {
            part["dataAbsentReason"] = Concept(Coding("http://terminology.hl7.org/CodeSystem/data-absent-reason", "error"));
            if (Chance(0.5))
            {
                part["valueQuantity"] = Magnesium(value, false);
            }
        }

        if (Chance(0.15))
        {
            part["interpretation"] = new JsonArray(Concept(Interpretation(Pick("L", "LL", "LU", "N", "H", "HH", "HU", "N", "L", "S"))));
        }

        if (Chance(0.2))
        {
            part["referenceRange"] = ReferenceRange();
        }
    }

    private static JsonObject Interpretation(string code) =>
        Coding("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code);

    private JsonArray ReferenceRange()
    {
        var usable = new JsonObject { ["low"] = Magnesium(Pick(0.7m, 0.66m, 0.75m), true), ["high"] = Magnesium(Pick(0.95m, 1.07m, 0.9m), true) };
        return Below(4) switch
        {
            0 => [new JsonObject { ["text"] = "see leaflet" }, usable],
            1 => [new JsonObject { ["low"] = Magnesium(0.7m, false) }],
            _ => [usable],
        };
    }

    private string Time(int daysAgo)
    {
        var time = asOf.AddDays(-daysAgo);
        var kind = Below(100);
        return kind switch
        {
            < 50 => Iso(time, "yyyy-MM-dd"),
            < 70 => Zulu(time.AddHours(-Below(20))),
            < 76 => Iso(time.AddHours(-Below(20)).ToOffset(TimeSpan.FromHours(Pick(3, 7, -5, 12))), "yyyy-MM-dd'T'HH:mm:sszzz"),
            < 80 => Iso(time, "yyyy-MM-dd'T'HH:mm:ss"),
            < 82 => Iso(time, "yyyy-MM-dd'T'HH:mm:ss'.25Z'"),
            < 85 => Iso(time, "yyyy-MM"),
            < 88 => Iso(time, "yyyy"),
            < 91 => Pick(
                "2025-02-30", "2025-13-01", "01.11.2025", Iso(time, "yyyy-MM-dd'T'HH:mm:ss") + "+0200", Iso(time, "yyyy-MM-dd'T'HH:mm'Z'"),
                Iso(time, "yyyy-MM-dd HH:mm:ss"), "2025-1-2", "2025-11-02T24:00:00Z", Iso(time, "yyyy-MM-dd'T'HH:mm:ss'z'"),
                Iso(time, "yyyy-MM-dd'T'HH:mm:ss") + "+15:00", "yesterday", Iso(time, "yyyyMMdd")),
            < 96 => Pick(
                Zulu(asOf.AddMinutes(5)), Zulu(asOf.AddMinutes(10)), Zulu(asOf.AddMinutes(11)), Zulu(asOf.AddHours(13)),
                Iso(asOf.AddHours(13), "yyyy-MM-dd'T'HH:mm:ss"), Iso(asOf.AddHours(14), "yyyy-MM-dd'T'HH:mm:ss"),
                Iso(asOf.AddHours(15), "yyyy-MM-dd'T'HH:mm:ss"), Iso(asOf.AddDays(1), "yyyy-MM-dd"), Iso(asOf.AddDays(2), "yyyy-MM-dd")),
            _ => Pick(
                Zulu(asOf.AddDays(-365)), Zulu(asOf.AddDays(-365).AddSeconds(-1)), Iso(asOf.AddDays(-365), "yyyy-MM-dd"),
                Iso(asOf.AddDays(-366), "yyyy-MM-dd"), Zulu(asOf.AddDays(-500))),
        };
    }

    private void SetTime(JsonObject observation, int daysAgo, bool plain)
    {
        var kind = plain ? 0 : Below(100);
        if (kind < 82)
        {
            observation["effectiveDateTime"] = plain ? Iso(asOf.AddDays(-daysAgo), "yyyy-MM-dd") : Time(daysAgo);
        }
        else if (kind < 89)
        {
            observation["effectivePeriod"] = new JsonObject { ["start"] = Iso(asOf.AddDays(-daysAgo - 1), "yyyy-MM-dd"), ["end"] = Time(daysAgo) };
        }
        else if (kind < 92)
        {
            observation["effectiveInstant"] = Zulu(asOf.AddDays(-daysAgo));
        }
        else if (kind < 94)
        {
            observation["effectivePeriod"] = new JsonObject { ["start"] = Iso(asOf.AddDays(-daysAgo), "yyyy-MM-dd") };
        }

        if (kind is >= 92 and < 98 || Chance(0.25))
        {
            observation["issued"] = Zulu(asOf.AddDays(-daysAgo).AddHours(-Below(5)));
        }
    }

    private string ObservationStatus(bool plain) => plain || Chance(0.85)
        ? "final"
        : Pick("amended", "corrected", "preliminary", "preliminary", "registered", "entered-in-error", "cancelled", "unknown", "final");

    private JsonObject Observation(JsonObject code, int daysAgo, bool plain = false)
    {
        var observation = new JsonObject { ["status"] = ObservationStatus(plain), ["code"] = code };
        SetTime(observation, daysAgo, plain);
        return observation;
    }

    private int DaysAgo() => Chance(0.75) ? Below(200) : Pick(0, 1, 89, 90, 91, 299, 300, 301, 363, 364, 365, 366, 400, 700);

    private JsonObject SerumCode() => Below(30) switch
    {
        0 => Concept(Loinc("2601-3"), Loinc("26746-8")),
        1 => Concept(Coding("http://loinc.example", "2601-3")),
        2 => Concept(Coding("urn:local", "MG"), Loinc("19123-9")),
        3 => Concept(Loinc("2601-3"), Loinc("19123-9")),
        _ => Concept(Loinc(Pick("19123-9", "2601-3", "11554-3"))),
    };

    private void AddSerum(bool plain)
    {
        var daysAgo = plain || Chance(0.6) ? DateOnly.FromDateTime(asOf.UtcDateTime).DayNumber - sampled.DayNumber : DaysAgo();
        var serum = Observation(plain ? Concept(Loinc("2601-3")) : SerumCode(), daysAgo, plain);
        SetMagnesium(serum, plain);
        Add("Observation", serum);
        if (Chance(0.08))
        {
            var twin = (JsonObject)serum.DeepClone();
            SetMagnesium(twin, true);
            Add("Observation", twin);
        }
    }

    private void AddOtherMagnesium(params string[] codes)
    {
        var observation = Observation(Concept(Loinc(Pick(codes))), DaysAgo());
        SetMagnesium(observation, Chance(0.4));
        if (Chance(0.6))
        {
            observation["interpretation"] = new JsonArray(Concept(Interpretation(Pick("L", "N", "L", "H"))));
        }

        Add("Observation", observation);
    }

    private void AddPanel()
    {
        var panel = Observation(Concept(Loinc("24323-8")), DaysAgo());
        var serum = new JsonObject { ["code"] = Concept(Loinc("2601-3")) };
        SetMagnesium(serum, false);
        var filtration = new JsonObject { ["code"] = Concept(Loinc("98979-8")), ["valueQuantity"] = Filtration() };
        var sodium = new JsonObject { ["code"] = Concept(Loinc("2951-2")), ["valueString"] = "n/a" };
        var parts = Pick<JsonObject[]>([serum], [filtration, serum], [sodium, filtration]);
        panel["component"] = new JsonArray([.. parts]);
        Add("Observation", panel, spoil: false);
    }

    private JsonObject Filtration()
    {
        var quantity = new JsonObject
        {
            ["value"] = Chance(0.5) ? 90m + Below(20) : Pick(29m, 29.9m, 30m, 30.1m, 45m, 59m, 59.9m, 60m, 61m, 15m, 0m, -1m),
        };
        if (Chance(0.12))
        {
            quantity["comparator"] = Pick("<", "<=", ">", ">=", "~");
        }

        var unit = Pick("mL/min/{1.73_m2}", "mL/min/1.73m2", "mL/min/1.73.m2", "ml/min/1.73 m^2", "mL/min", "мл/мин/1,73м2", "мл/мин/1.73 м2", "мл / мин");
        switch (Below(12))
        {
            case 0:
                quantity["unit"] = Pick("mL/s", "%", "mL/min/m2");
                break;
            case 1 or 2 or 3 or 4:
                quantity["unit"] = unit;
                break;
            case 5:
                quantity["system"] = "urn:local";
                quantity["code"] = "x";
                quantity["unit"] = unit;
                break;
            case 6:
                quantity["system"] = Ucum;
                quantity["unit"] = unit;
                break;
            default:
                quantity["system"] = Ucum;
                quantity["code"] = "mL/min/{1.73_m2}";
                break;
        }

        return quantity;
    }

    private void AddFiltration()
    {
        var observation = Observation(Concept(Loinc(Pick("33914-3", "48642-3", "62238-1", "98979-8", "77147-7", "50210-4"))), DaysAgo());
        observation["valueQuantity"] = Filtration();
        Add("Observation", observation);
    }
}
