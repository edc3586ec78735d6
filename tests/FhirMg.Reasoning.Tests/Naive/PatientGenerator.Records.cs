using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal sealed partial class PatientGenerator
{
    private const string Cm = "http://hl7.org/fhir/sid/icd-10-cm";

    private void AddRecords()
    {
        var known = new List<JsonObject>();
        Some(0.86, () => known.Add(AddCondition(MigraineCode())));
        Some(0.12, () => known.Add(AddCondition(MigraineCode())));
        Some(0.88, () => AddSerum(Chance(0.5)));
        Some(0.25, () => AddSerum(false));
        Some(0.12, () => AddSerum(false));
        Some(0.08, AddPanel);
        Some(0.55, AddFiltration);
        Some(0.1, AddFiltration);
        Some(0.1, () => AddOtherMagnesium("26746-8", "2597-3", "27122-1", "17235-3"));
        Some(0.1, () => AddOtherMagnesium("2600-5", "32698-3", "73573-8"));
        Some(0.08, AddIonizedNearLimit);
        Some(0.08, AddTetany);
        Some(0.08, AddPregnancyStatus);
        Some(0.08, AddLoad);
        Some(0.05, AddWholeBlood);
        Some(0.08, () => AddCondition(Pregnancy()));
        Some(0.06, () => AddCondition(Icd("Z39.1")));
        Some(0.08, () => AddCondition(MagnesiumDiagnosis()));
        Some(0.05, () => AddCondition(MagnesiumDiagnosis()));
        Some(0.14, () => AddCondition(Chance(0.5)
            ? Icd(Pick("F32.1", "F33", "F41.1", "F43.0", "F40"))
            : Concept(Snomed(Pick("48694002", "197480006", "35489007", "370143000")))));
        Some(0.04, () => AddCondition(Pick(Icd("N18.4"), Icd("N18.5"), Icd("Z99.2"), Icd("Z49.1"), Icd("N18.3"),
            Concept(Coding(Cm, "N18.6")), Concept(Snomed(Pick("431857002", "433146000", "46177005"))))));
        Some(0.03, () => AddCondition(Pick(Icd("G70.0"), Icd("G70.2"), Concept(Coding(Cm, "G70.01")), Concept(Snomed("91637004")))));
        Some(0.05, () => AddCondition(Pick(Icd("I44.1"), Icd("I44.2"), Icd("I44.0"), Concept(Snomed(Pick("195042002", "54016002"))))));
        Some(0.03, () => AddCondition(Pick(Icd("Z95.0"), Concept(Snomed("441509002")))));
        Some(0.08, () => AddCondition(Pick(
            new JsonObject { ["text"] = "мигрень" }, Concept(Coding("urn:local", "G43")), Concept(Coding("http://hl7.org/fhir/sid/icd-9-cm", "346.9")))));
        Some(0.25, () => AddEncounter(known));
        Some(0.05, () => AddEncounter(known));
        Some(0.2, () => AddAnswersFor(Below(90)));
        Some(0.45, () => AddAnswersFor(DaysAgo()));
        Some(0.12, () => AddAllergy());
        Some(0.3, AddMedicine);
        Some(0.3, AddMedicine);
        Some(0.15, () => AddMedicineOf("magnesium"));
        Some(0.1, () => AddMedicineOf("valproate"));
    }

    private void Some(double probability, Action add)
    {
        if (Chance(probability))
        {
            add();
        }
    }

    private string Written(string icd) => Below(6) switch
    {
        0 => icd.Replace(".", "", StringComparison.Ordinal),
        1 => string.Concat(icd.Select(char.ToLowerInvariant)),
        _ => icd,
    };

    private string IcdSystem() => Pick(
        "http://hl7.org/fhir/sid/icd-10", "urn:oid:1.2.643.5.1.13.13.11.1005", "urn:oid:1.2.643.2.69.1.1.1.2", Cm);

    private JsonObject Icd(string code) => Concept(Coding(IcdSystem(), Written(code)));

    private JsonObject MigraineCode() => Below(10) switch
    {
        < 4 => Icd(Pick("G43", "G43.0", "G43.1", "G43.9", "G43.8", "G43.2")),
        < 6 => Concept(Coding(Cm, Written(Pick("G43.909", "G43.109", "G43.511", "G43.501", "G43.709", "G43.E01", "G43.409", "G43.601")))),
        6 => Concept(Coding(Cm, Written(Pick("G43.A0", "G43.B0", "G43.C1", "G43.D0", "G43.119")))),
        7 => Concept(Coding("urn:local", "M1"), Snomed("37796009")),
        _ => Concept(Snomed(Pick(
            "37796009", "4473006", "56097005", "230462002", "427419006", "124171000119105", "59292006", "83351003", "124001000119104"))),
    };

    private JsonObject MagnesiumDiagnosis() => Below(7) switch
    {
        0 => Icd("E61.2"),
        1 => Concept(Coding(Cm, Written("E83.42"))),
        2 => Concept(Snomed("190855004")),
        3 => Concept(Coding(Pick("http://hl7.org/fhir/sid/icd-10", "urn:oid:1.2.643.5.1.13.13.11.1005"), Written("E83.4"))),
        4 => Concept(Coding(Cm, Pick("E83.40", "E83.49"))),
        5 => Concept(Snomed("60853003")),
        _ => Concept(Coding(Cm, "E83.41")),
    };

    private JsonObject Pregnancy() => Below(5) switch
    {
        0 => Concept(Snomed(Pick("72892002", "77386006"))),
        1 => Concept(Coding(Cm, Written(Pick("O09.91", "Z33.1", "O9A.21", "Z33.2", "Z34.0", "O49")))),
        _ => Icd(Pick("O10", "O48.0", "O26.8", "O98.1", "O99", "O80", "O09", "Z34.9", "Z33", "Z35.1")),
    };

    private JsonObject Status(string kind, string code) => Concept(Coding("http://terminology.hl7.org/CodeSystem/" + kind, code));

    private JsonObject AddCondition(JsonObject code)
    {
        var condition = new JsonObject { ["code"] = code };
        if (!Chance(0.1))
        {
            condition["clinicalStatus"] = Status("condition-clinical", Chance(0.85)
                ? "active"
                : Pick("recurrence", "relapse", "inactive", "remission", "resolved"));
        }

        if (Chance(0.5))
        {
            condition["verificationStatus"] = Status("condition-ver-status", Chance(0.75)
                ? "confirmed"
                : Pick("unconfirmed", "differential", "provisional", "refuted", "entered-in-error"));
        }

        if (Chance(0.04))
        {
            condition[Pick("abatementDateTime", "abatementString")] = "2024-01-01";
        }

        switch (Below(8))
        {
            case 0:
                condition["onsetDateTime"] = Pick(
                    Zulu(asOf.AddDays(-300)), Zulu(asOf.AddDays(-300).AddSeconds(-1)), Iso(asOf.AddDays(-300), "yyyy-MM-dd"),
                    Iso(asOf.AddDays(-301), "yyyy-MM-dd"), Iso(asOf.AddDays(-300), "yyyy-MM"), Iso(asOf.AddDays(-330), "yyyy-MM"),
                    Iso(asOf.AddDays(-100), "yyyy-MM-dd"), Iso(asOf.AddDays(-900), "yyyy"), "spring");
                break;
            case 1:
                condition["onsetPeriod"] = new JsonObject { ["start"] = "2019", ["end"] = Iso(asOf.AddDays(-Pick(10, 299, 302, 800)), "yyyy-MM-dd") };
                break;
            case 2:
                condition["onsetString"] = "years ago";
                break;
            default:
                break;
        }

        return Add("Condition", condition);
    }

    private void AddEncounter(List<JsonObject> known)
    {
        var encounter = new JsonObject
        {
            ["status"] = Chance(0.85) ? "in-progress" : Pick("finished", "planned", "onleave", "arrived"),
            ["class"] = Coding(
                "http://terminology.hl7.org/CodeSystem/v3-ActCode", Pick("EMER", "IMP", "ACUTE", "NONAC", "OBSENC", "SS", "AMB", "VR", "EMER", "IMP")),
        };
        if (!Chance(0.15))
        {
            var period = new JsonObject { ["start"] = Chance(0.9) ? Zulu(asOf.AddHours(-Pick(1, 5, 40))) : Pick(Zulu(asOf.AddHours(2)), "today", Iso(asOf, "yyyy")) };
            if (Chance(0.12))
            {
                period["end"] = Pick(Zulu(asOf.AddMinutes(-1)), Zulu(asOf), Zulu(asOf.AddHours(3)), Iso(asOf, "yyyy-MM-dd"), "later");
            }

            encounter["period"] = period;
        }

        var named = known.Select(k => (string?)k["id"]).OfType<string>().ToList();
        if (named.Count > 0 && Chance(0.4))
        {
            var reference = new JsonObject { ["reference"] = "Condition/" + Pick([.. named]) + Pick("", "", "/_history/1") };
            if (Chance(0.5))
            {
                encounter["reasonReference"] = new JsonArray(reference);
            }
            else
            {
                encounter["diagnosis"] = new JsonArray(new JsonObject { ["condition"] = reference });
            }
        }
        else
        {
            encounter["reasonCode"] = new JsonArray(Chance(0.3)
                ? Concept(Coding(Cm, Pick("G43.501", "G43.511")))
                : Chance(0.85) ? MigraineCode() : Icd("J06.9"));
        }

        Add("Encounter", encounter);
    }

    private void AddIonizedNearLimit()
    {
        var observation = Observation(Concept(Loinc("2600-5")), DaysAgo());
        observation["valueQuantity"] = new JsonObject { ["value"] = Pick(0.5m, 0.54m, 0.5401m, 0.6m), ["unit"] = "mmol/L" };
        Add("Observation", observation);
    }

    private void AddTetany()
    {
        var observation = Observation(Concept(Coding("https://fhirmg.github.io/ig/CodeSystem/fhirmg", "tetany-test")), DaysAgo());
        switch (Below(4))
        {
            case 0:
                observation["valueBoolean"] = Chance(0.6);
                break;
            case 1:
                observation["valueCodeableConcept"] = Concept(Interpretation(Pick("POS", "NEG", "A", "N")));
                break;
            case 2:
                observation["interpretation"] = new JsonArray(Concept(Interpretation(Pick("POS", "NEG"))));
                break;
            default:
                observation["valueBoolean"] = false;
                observation["interpretation"] = new JsonArray(Concept(Interpretation(Pick("A", "NEG"))));
                break;
        }

        Add("Observation", observation);
    }

    private void AddPregnancyStatus()
    {
        var days = Pick(5, 100, 299, 300, 301, 330);
        var observation = Observation(Concept(Loinc("82810-3")), days);
        if (Chance(0.95))
        {
            observation["valueCodeableConcept"] = Concept(Pick(Snomed("77386006"), Loinc("LA15173-0"), Loinc("LA26683-5"), Snomed("60001007")));
        }

        Add("Observation", observation);
        if (Chance(0.3))
        {
            var other = (JsonObject)observation.DeepClone();
            other["valueCodeableConcept"] = Concept(Pick(Snomed("77386006"), Snomed("60001007")));
            Add("Observation", other);
        }
    }

    private void AddLoad()
    {
        var observation = Observation(Concept(Loinc(Pick("65380-8", "65381-6", "65385-7"))), DaysAgo());
        observation["valueQuantity"] = new JsonObject { ["value"] = Below(30), ["unit"] = "d" };
        Add("Observation", observation);
    }

    // Never serum; plain, since nothing is said about how a value that no rule reads is set aside.
    private void AddWholeBlood()
    {
        var observation = Observation(Concept(Loinc(Pick("21377-7", "2593-2", "24447-5", "2599-9"))), Below(200), plain: true);
        observation["valueQuantity"] = Magnesium(0.3m, plain: true);
        Add("Observation", observation, spoil: false);
    }
}
