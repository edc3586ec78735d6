using System.Globalization;
using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

/// <summary>Documents that sit on the edges of the specification, the same for the same seed.</summary>
internal sealed partial class PatientGenerator(int seed)
{
    private const string Server = "http://hospital.example/fhir";

    private ulong state = (ulong)(uint)seed;
    private DateTimeOffset asOf;
    private string urls = "none";
    private int counter;
    private List<(string? FullUrl, JsonObject Resource)> entries = [];
    private string[] subjects = [];
    private DateOnly sampled;

    public (JsonNode Document, DateTimeOffset AsOf) Next()
    {
        asOf = PickAsOf();
        entries = [];
        counter = 0;
        var bundle = Chance(0.85);
        urls = bundle ? Pick("none", "http", "urn", "http") : "none";
        var patients = Chance(0.3) ? 2 : 1;
        for (var p = 1; p <= patients; p++)
        {
            AddPatient(p, patients == 1);
        }

        if (Chance(0.04))
        {
            subjects = [Pick("Patient/elsewhere", "http://other.example/fhir/Patient/p1", "Patient/elsewhere/_history/4")];
            AddSerum(plain: true);
        }

        if (Chance(0.08))
        {
            Rearrange();
        }

        JsonNode document = bundle
            ? new JsonObject
            {
                ["resourceType"] = "Bundle",
                ["type"] = "collection",
                ["entry"] = new JsonArray(entries.Select(e => (JsonNode)Entry(e.FullUrl, e.Resource)).ToArray()),
            }
            : new JsonArray(entries.Select(e => (JsonNode)e.Resource).ToArray());

        // Through text, so that nobody sees anything but JSON.
        return (JsonNode.Parse(document.ToJsonString())!, asOf);
    }

    private static JsonObject Entry(string? fullUrl, JsonObject resource)
    {
        var entry = new JsonObject();
        if (fullUrl is not null)
        {
            entry["fullUrl"] = fullUrl;
        }

        entry["resource"] = resource;
        return entry;
    }

    private ulong NextBits()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private int Below(int limit) => (int)(NextBits() % (ulong)limit);

    private bool Chance(double probability) => (NextBits() >> 11) * (1.0 / (1UL << 53)) < probability;

    private T Pick<T>(params T[] choices) => choices[Below(choices.Length)];

    private DateTimeOffset PickAsOf()
    {
        var day = Chance(0.15)
            ? Pick(new DateTime(2028, 2, 29), new DateTime(2026, 2, 28), new DateTime(2026, 3, 1), new DateTime(2028, 3, 1))
            : new DateTime(2024, 6, 1).AddDays(Below(1200));
        return new DateTimeOffset(day, TimeSpan.Zero) + Pick(TimeSpan.Zero, new TimeSpan(10, 15, 30), new TimeSpan(23, 30, 0));
    }

    private static string Iso(DateTimeOffset time, string form) => time.ToString(form, CultureInfo.InvariantCulture);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Zulu(DateTimeOffset time) => Iso(time.ToUniversalTime(), "yyyy-MM-dd'T'HH:mm:ss'Z'");

    private void AddPatient(int number, bool alone)
    {
        var id = "p" + number.ToString(CultureInfo.InvariantCulture);
        var urn = "urn:uuid:00000000-0000-4000-8000-00000000000" + number.ToString(CultureInfo.InvariantCulture);
        var fullUrl = urls switch { "http" => $"{Server}/Patient/{id}", "urn" => urn, _ => null };
        var nameless = urls == "urn" && Chance(0.08);
        subjects = nameless ? [urn]
            : urls == "http" ? [$"Patient/{id}", $"{Server}/Patient/{id}", $"Patient/{id}/_history/2", $"{Server}/Patient/{id}/_history/3"]
            : urls == "urn" ? [urn, $"Patient/{id}", $"http://other.example/fhir/Patient/{id}"]
            : [$"Patient/{id}", $"Patient/{id}/_history/1", $"https://other.example/fhir/Patient/{id}"];
        if (!Chance(0.75))
        {
            // All of one patient's resources by the same form of reference is the usual case.
            subjects = [subjects[0]];
        }

        sampled = DateOnly.FromDateTime(asOf.UtcDateTime).AddDays(-Pick(0, 1, 2, 10, 20, 30, 60, 90, 150, 200, 364, 400));
        var patient = new JsonObject { ["resourceType"] = "Patient" };
        if (!nameless)
        {
            patient["id"] = id;
        }

        SetBirth(patient);
        SetDeath(patient);
        var present = !Chance(0.02);
        if (present && alone && Chance(0.02) && !nameless)
        {
            entries.Add((fullUrl, new JsonObject { ["resourceType"] = "Patient", ["id"] = id, ["birthDate"] = "1950-01-01" }));
        }

        if (present)
        {
            entries.Add((fullUrl, patient));
        }
        else
        {
            subjects = [$"Patient/{id}"];
        }

        AddRecords();
    }

    private void SetBirth(JsonObject patient)
    {
        var edge = Chance(0.5) ? sampled : DateOnly.FromDateTime(asOf.UtcDateTime);
        var birth = Chance(0.6)
            ? edge.AddDays(-((365 * (21 + Below(50))) + Below(365)))
            : Pick(
                edge.AddDays(-2), edge.AddMonths(-5), edge.AddYears(-6), edge.AddYears(-12), edge.AddYears(-18), edge.AddYears(-20),
                edge.AddYears(-2), edge.AddYears(-18), edge.AddYears(-20), edge.AddDays(-40), edge.AddYears(-9), edge.AddYears(-15),
                edge.AddYears(-19), edge.AddYears(-3)).AddDays(Pick(-1, 0, 0, 1));
        if (Chance(0.03))
        {
            birth = Pick(new DateOnly(2008, 2, 29), new DateOnly(2020, 2, 29), new DateOnly(2006, 3, 1));
        }

        var form = Below(100);
        if (form < 84)
        {
            patient["birthDate"] = Iso(birth);
        }
        else if (form < 92)
        {
            patient["birthDate"] = Iso(birth)[..(form < 88 ? 7 : 4)];
        }
        else if (form < 96)
        {
            return;
        }
        else if (form < 97)
        {
            patient["birthDate"] = null;
        }
        else if (form < 98)
        {
            patient["birthDate"] = Pick("1990-02-30", "1990-13-01", "01.02.1990", "1990-1-1", "1990-05-05T00:00:00Z", "неизвестно", "0000-01-01");
        }
        else if (form < 99)
        {
            patient["birthDate"] = Iso(DateOnly.FromDateTime(asOf.UtcDateTime).AddDays(Pick(1, 2, 400)));
        }
        else
        {
            patient["birthDate"] = 1980;
        }
    }

    private void SetDeath(JsonObject patient)
    {
        switch (Below(160))
        {
            case 0:
                patient["deceasedBoolean"] = true;
                break;
            case 1 or 2:
                patient["deceasedBoolean"] = false;
                break;
            case 3:
                patient["deceasedDateTime"] = Zulu(asOf.AddDays(Pick(-5.0, 0.0, 3.0)));
                break;
            case 4:
                patient["deceasedDateTime"] = Pick("unknown", "2026-02-31", "2020", Iso(asOf, "yyyy-MM"));
                break;
            case 5:
                patient["deceasedBoolean"] = "yes";
                break;
            case 6:
                patient["deceasedBoolean"] = null;
                break;
            case 7:
                patient["deceasedDateTime"] = Iso(asOf.AddDays(Pick(1, 40)), "yyyy-MM-dd");
                break;
            default:
                break;
        }
    }

    private JsonObject Subject() => Below(120) switch
    {
        0 => new JsonObject { ["display"] = "somebody" },
        1 => new JsonObject { ["identifier"] = new JsonObject { ["value"] = "77" } },
        2 => new JsonObject { ["reference"] = Pick("Group/g1", "urn:uuid:99999999-0000-4000-8000-000000000000", "Patient/", "") },
        _ => new JsonObject { ["reference"] = Pick(subjects) },
    };

    private JsonObject Add(string type, JsonObject content, string subject = "subject", bool spoil = true)
    {
        counter++;
        var id = "r" + counter.ToString(CultureInfo.InvariantCulture);
        var resource = new JsonObject { ["resourceType"] = type };
        var named = !Chance(0.03);
        if (named)
        {
            resource["id"] = id;
        }

        if (subject.Length > 0)
        {
            resource[subject] = Subject();
        }

        foreach (var (key, value) in content.ToList())
        {
            resource[key] = value?.DeepClone();
        }

        var fullUrl = urls switch
        {
            "http" => $"{Server}/{type}/{id}",
            "urn" => "urn:uuid:10000000-0000-4000-8000-" + counter.ToString("D12", CultureInfo.InvariantCulture),
            _ => null,
        };
        if (spoil)
        {
            Spoil(type, resource);
        }

        if (named && Chance(0.015))
        {
            var stale = (JsonObject)resource.DeepClone();
            stale["status"] = "final";
            stale["valueQuantity"] = new JsonObject { ["value"] = 0.33m, ["unit"] = "mmol/L" };
            entries.Add((fullUrl, stale));
        }

        entries.Add((fullUrl, resource));
        return resource;
    }

    // Other orders are other documents; only the patients keep their own.
    private void Rearrange()
    {
        var others = entries.Where(e => (string?)e.Resource["resourceType"] != "Patient").ToList();
        entries.RemoveAll(others.Contains);
        others.Reverse();
        entries = Chance(0.5) ? [.. others, .. entries] : [.. entries, .. others];
    }

    private void Spoil(string type, JsonObject resource)
    {
        if (Chance(0.03))
        {
            resource[Pick("note", "dataAbsentReason", "abatementDateTime", "contained", "reaction", "text")] = null;
        }

        if (!Chance(0.01))
        {
            return;
        }

        var (element, value) = type switch
        {
            "Observation" => Pick<(string, JsonNode)>(
                ("status", 5), ("effectiveDateTime", 20261101), ("valueQuantity", "0.6 mmol/L"), ("subject", subjects[0]),
                ("interpretation", new JsonObject()), ("valueQuantity", new JsonObject { ["value"] = "0.65", ["unit"] = "mmol/L" })),
            "Condition" => Pick<(string, JsonNode)>(("clinicalStatus", "active"), ("code", "G43.0"), ("verificationStatus", new JsonArray())),
            "Encounter" => Pick<(string, JsonNode)>(("period", "2026"), ("status", 1), ("reasonCode", new JsonObject())),
            "AllergyIntolerance" => Pick<(string, JsonNode)>(("code", "magnesium"), ("clinicalStatus", "active"), ("reaction", "rash")),
            "QuestionnaireResponse" => Pick<(string, JsonNode)>(("item", new JsonObject()), ("authored", 2026), ("status", false)),
            "Medication" => Pick<(string, JsonNode)>(("code", "magnesium"), ("ingredient", 7), ("form", "solution")),
            _ => Pick<(string, JsonNode)>(("status", 1), ("medicationCodeableConcept", "magnesium"), ("subject", subjects[0])),
        };
        resource[element] = value.DeepClone();
    }
}
