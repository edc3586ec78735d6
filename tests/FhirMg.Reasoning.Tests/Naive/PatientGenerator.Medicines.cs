using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal sealed partial class PatientGenerator
{
    private sealed record Drug(string Class, string? Atc, string? RxNorm, string Name);

    private const string RxNorm = "http://www.nlm.nih.gov/research/umls/rxnorm";

    private static readonly Drug[] Drugs =
    [
        new("magnesium", "A12CC04", "52356", "Magnesium citrate 300 mg"),
        new("magnesium", "A12CC06", "214688", "Магния лактат"),
        new("magnesium", "A11JB", "6574", "Magne B6"),
        new("magnesium", "A02AA04", "6581", "magnesium hydroxide"),
        new("sulfate", "B05XA05", "6585", "Magnesium sulfate injection 50 %"),
        new("sulfate", "B05XA05", "6585", "Магния сульфат раствор для внутривенного введения"),
        new("valproate", "N03AG01", "40254", "Divalproex sodium"),
        new("valproate", "N03AG01", "40254", "Вальпроевая кислота"),
        new("preventive", "N03AX11", "38404", "Topiramate"),
        new("preventive", "C07AA05", "8787", "Пропранолол"),
        new("preventive", "N02CD03", "214354", "candesartan"),
        new("partner", "J01AA02", "3640", "Doxycycline hyclate"),
        new("partner", "J01MA02", "2551", "Ципрофлоксацин"),
        new("partner", "M05BA04", "46041", "alendronic acid"),
        new("partner", "H03AA01", "10582", "Levothyroxine"),
        new("partner", "B03AA07", "24947", "ferrous sulfate"),
        new("partner", "C01AA05", "3407", "Дигоксин"),
        new("lowering", "A02BC01", "7646", "Omeprazole"),
        new("lowering", "A02BC05", "283742", "esomeprazole magnesium 20 mg"),
        new("lowering", "C03CA01", "4603", "Furosemide"),
        new("lowering", "C03BA11", "5764", "Индапамид"),
        new("pyridoxine", "A11HA02", "684879", "pyridoxine"),
        new("other", "C07AB07", "19484", "bisoprolol"),
        new("other", "V08CA01", null, "Magnevist"),
        new("other", null, null, "магнитный гель"),
        new("other", null, null, "hospital mixture 7"),
    ];

    private void AddMedicine() => AddMedicine(Pick(Drugs));

    private void AddMedicineOf(string group) => AddMedicine(Pick(Drugs.Where(d => d.Class == group).ToArray()));

    private JsonObject DrugConcept(Drug drug)
    {
        var byName = Chance(0.5) ? new JsonObject { ["text"] = drug.Name } : Concept(new JsonObject { ["system"] = "urn:local", ["code"] = "d1", ["display"] = drug.Name });
        return Below(12) switch
        {
            < 4 when drug.Atc is not null => Concept(Coding("http://www.whocc.no/atc", drug.Atc)),
            4 when drug.Atc is not null => Concept(Coding("urn:local", drug.Atc)),
            5 when drug.Atc is not null => Concept(Coding("http://www.whocc.no/atc", string.Concat(drug.Atc.Select(char.ToLowerInvariant)))),
            < 9 when drug.RxNorm is not null => Concept(Coding(RxNorm, drug.RxNorm)),
            9 => Concept(new JsonObject { ["system"] = RxNorm, ["code"] = "999001", ["display"] = drug.Name }),
            10 when drug.Class == "other" => Concept(Coding(RxNorm, "999002")),
            _ => byName,
        };
    }

    private JsonObject? Route(Drug drug) => drug.Class == "sulfate"
        ? Below(4) switch
        {
            0 => Concept(Snomed("47625008")),
            1 => Concept(Snomed("78421000")),
            _ => null,
        }
        : Chance(0.2) ? Concept(Snomed("26643006")) : null;

    private void AddMedicine(Drug drug)
    {
        var content = new JsonObject();
        SetCode(content, drug);
        var type = Pick("MedicationRequest", "MedicationRequest", "MedicationStatement", "MedicationAdministration");
        var started = Pick(
            Iso(asOf.AddMonths(-3), "yyyy-MM-dd"), Iso(asOf.AddMonths(-3).AddDays(-1), "yyyy-MM-dd"), Iso(asOf.AddMonths(-6), "yyyy-MM-dd"),
            Iso(asOf.AddDays(-20), "yyyy-MM-dd"), Iso(asOf.AddMonths(-8), "yyyy-MM-dd"), Zulu(asOf.AddDays(-250)));
        switch (type)
        {
            case "MedicationRequest":
                SetRequest(content, drug, started);
                break;
            case "MedicationStatement":
                SetStatement(content, drug, started);
                break;
            default:
                SetAdministration(content, drug);
                break;
        }

        Add(type, content);
    }

    private void SetCode(JsonObject content, Drug drug)
    {
        var kind = Below(20);
        if (kind < 14)
        {
            content["medicationCodeableConcept"] = DrugConcept(drug);
            return;
        }

        var medication = new JsonObject { ["resourceType"] = "Medication" };
        if (Chance(0.6))
        {
            medication["code"] = DrugConcept(drug);
        }
        else
        {
            medication["ingredient"] = new JsonArray(new JsonObject { ["itemCodeableConcept"] = DrugConcept(drug) });
        }

        if (drug.Class == "sulfate" && Chance(0.5))
        {
            medication["form"] = Concept(Snomed("385219001"));
        }

        if (kind < 17)
        {
            medication["id"] = "m";
            Spoil("Medication", medication);
            content["contained"] = new JsonArray(medication);
            content["medicationReference"] = new JsonObject { ["reference"] = "#m" };
            return;
        }

        medication.Remove("resourceType");
        var added = Add("Medication", medication, subject: "");
        content["medicationReference"] = new JsonObject
        {
            ["reference"] = (string?)added["id"] is { } id && Chance(0.95) ? "Medication/" + id : "Medication/nowhere",
        };
    }

    private void SetRequest(JsonObject content, Drug drug, string started)
    {
        content["status"] = Chance(0.88) ? "active" : Pick("on-hold", "cancelled", "completed", "stopped", "draft", "entered-in-error");
        content["intent"] = Chance(0.85) ? "order" : Pick("original-order", "reflex-order", "filler-order", "instance-order", "proposal", "plan", "option");
        if (Chance(0.05))
        {
            content["doNotPerform"] = Chance(0.6);
        }

        if (Chance(0.85))
        {
            content["authoredOn"] = started;
        }

        if (Route(drug) is { } route)
        {
            content["dosageInstruction"] = new JsonArray(new JsonObject { ["route"] = route });
        }
    }

    private void SetStatement(JsonObject content, Drug drug, string started)
    {
        content["status"] = Chance(0.8) ? "active" : Pick("intended", "completed", "stopped", "not-taken", "unknown");
        if (Chance(0.4))
        {
            content["effectiveDateTime"] = started;
        }
        else
        {
            var period = new JsonObject { ["start"] = started };
            if (Chance(0.2))
            {
                period["end"] = Pick(Zulu(asOf.AddDays(-1)), Zulu(asOf), Zulu(asOf.AddDays(3)), Iso(asOf, "yyyy-MM"), Iso(asOf.AddYears(1), "yyyy"));
            }

            content["effectivePeriod"] = period;
        }

        if (Route(drug) is { } route)
        {
            content["dosage"] = new JsonArray(new JsonObject { ["route"] = route });
        }
    }

    private void SetAdministration(JsonObject content, Drug drug)
    {
        content["status"] = Pick("completed", "in-progress", "stopped", "completed", "not-done", "entered-in-error");
        switch (Below(8))
        {
            case 0:
                content["effectiveDateTime"] = Pick("noon", "2025-02-30");
                break;
            case 1:
                content["effectivePeriod"] = new JsonObject { ["start"] = Zulu(asOf.AddHours(-Pick(2, 30, 60))) };
                break;
            case 2:
                content["effectivePeriod"] = new JsonObject
                {
                    ["start"] = Zulu(asOf.AddHours(-60)),
                    ["end"] = Zulu(asOf.AddHours(-Pick(1, 24, 25))),
                };
                break;
            case 3:
                break;
            default:
                content["effectiveDateTime"] = Zulu(asOf.AddHours(Pick(-1, -24, -25, -3, -12, 1)));
                break;
        }

        if (Route(drug) is { } route)
        {
            content["dosage"] = new JsonObject { ["route"] = route };
        }
    }

    private void AddAllergy()
    {
        var drug = Pick(Drugs[0], Drugs[4], Drugs[8], Drugs[9], Drugs[8], Drugs[10], Pick(Drugs));
        var substance = Below(8) switch
        {
            0 => Concept(Coding("urn:local", "a1")),
            1 => Concept(Snomed("387207008")),
            _ => DrugConcept(drug),
        };
        var allergy = new JsonObject();
        if (Chance(0.75))
        {
            allergy["code"] = substance;
        }
        else
        {
            allergy["reaction"] = new JsonArray(new JsonObject { ["substance"] = substance });
        }

        if (Chance(0.8))
        {
            allergy["clinicalStatus"] = Status("allergyintolerance-clinical", Chance(0.85) ? "active" : Pick("inactive", "resolved"));
        }

        if (Chance(0.4))
        {
            allergy["verificationStatus"] = Status("allergyintolerance-verification", Pick("confirmed", "unconfirmed", "confirmed", "refuted", "entered-in-error"));
        }

        Add("AllergyIntolerance", allergy, subject: "patient");
    }

    private static readonly string[] Questions =
    [
        "irritability", "reflexes", "weakness", "exertion", "cramps", "paraesthesia", "sleep", "hair-nails",
        "tachycardia-hypertension", "headache", "gastrointestinal",
    ];

    private void AddAnswersFor(int daysAgo)
    {
        var yes = Pick(0.1, 0.15, 0.3, 0.5, 0.8);
        var answered = Chance(0.7) ? 1.0 : Pick(0.95, 0.5, 0.1);
        var items = new JsonArray();
        foreach (var question in Questions.Where(_ => Chance(answered)))
        {
            var item = new JsonObject { ["linkId"] = question };
            if (!Chance(0.01))
            {
                item["answer"] = new JsonArray(Chance(0.99) ? new JsonObject { ["valueBoolean"] = Chance(yes) } : new JsonObject { ["valueString"] = "yes" });
            }

            items.Add(item);
        }

        if (Chance(0.3))
        {
            var inner = new JsonArray(new JsonObject { ["linkId"] = "inner", ["item"] = items });
            items = [new JsonObject { ["linkId"] = "group", ["item"] = inner }];
        }

        var ours = "https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations" + Pick("", "|1.0.0");
        var response = new JsonObject
        {
            ["questionnaire"] = Chance(0.95) ? ours : "https://example.org/Questionnaire/other",
            ["status"] = Chance(0.9) ? Pick("completed", "completed", "amended") : Pick("in-progress", "stopped", "entered-in-error"),
            ["item"] = items,
        };
        if (!Chance(0.02))
        {
            response["authored"] = Time(daysAgo);
        }

        Add("QuestionnaireResponse", response);
    }
}
