using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private static readonly string[] RuleOrder =
    [
        "RX-1", "RX-2", "RX-3", "RX-4", "RX-5", "RX-6", "RX-7", "RX-8", "DIET-1", "LAB-1", "LAB-2", "LAB-3", "LAB-4",
        "ASK-1", "SAFE-1", "SAFE-2", "SAFE-3", "SAFE-4", "SAFE-5", "SAFE-6", "SAFE-7", "SAFE-8", "SAFE-9", "SAFE-10",
        "SAFE-11", "SAFE-12",
    ];

    private static readonly string[] OralRules = ["RX-1", "RX-2", "RX-3", "RX-4", "RX-5"];

    private sealed record Proposal(string Rule, string Resource, string? Medication = null, bool Dosed = false)
    {
        public static Proposal Drug(string rule, string medication, bool dosed) => new(rule, "MedicationRequest", medication, dosed);

        public JsonObject ToJson()
        {
            var json = new JsonObject { ["rule"] = Rule, ["resource"] = Resource };
            if (Medication is not null)
            {
                json["medication"] = Medication;
                json["dosed"] = Dosed;
            }

            return json;
        }
    }

    private static IEnumerable<JsonNode?> ReasonsOf(Case facts, Entry encounter)
    {
        foreach (var code in Items(encounter.Resource, "reasonCode"))
        {
            yield return code;
        }

        var references = Items(encounter.Resource, "reasonReference")
            .Concat(Items(encounter.Resource, "diagnosis").Select(d => Get(d, "condition")));
        foreach (var reference in references)
        {
            var target = facts.Document.Target(encounter, reference);
            if (target is not null && Text(target, "resourceType") == "Condition" && ConditionShape(target)
                && PresenceOf(target) == Presence.Confirmed
                && (facts.Document.IsContained(target) || facts.Conditions.Any(c => c.Resource == target)))
            {
                yield return Get(target, "code");
            }
        }
    }

    private static readonly string[] AcuteClasses = ["EMER", "IMP", "ACUTE", "NONAC", "OBSENC", "SS"];
    private static readonly string[] InpatientClasses = ["IMP", "ACUTE", "NONAC"];

    private static bool HasClass(Entry encounter, string[] classes)
    {
        var system = Text(Get(encounter.Resource, "class"), "system");
        return system is (null or ActCodes) && classes.Contains(Text(Get(encounter.Resource, "class"), "code"));
    }

    // What would be proposed if no safety rule blocked anything.
    private static List<Proposal> Wanted(Findings f)
    {
        var facts = f.Facts;
        var adult = facts.Ages?.AtLeast(18) == true;
        var minor = facts.Ages?.Under(18) == true;
        var wanted = new List<Proposal>();
        if (f.Migraine && f.Deficient && !f.OnMagnesium && adult)
        {
            var distressed = facts.Confirmed(Distress);
            wanted.Add(distressed ? Proposal.Drug("RX-2", "magnesium-b6", false) : Proposal.Drug("RX-1", "magnesium-citrate", true));
            if (distressed)
            {
                wanted.Add(Proposal.Drug("RX-3", "magnesium-citrate", true));
            }

            foreach (var salt in new[] { "pidolate", "lactate", "aspartate", "glycinate" })
            {
                wanted.Add(Proposal.Drug("RX-3", "magnesium-" + salt, false));
            }

            if (facts.Takes("valproate") && !facts.MaybePregnant)
            {
                wanted.Add(new Proposal("RX-4", "note"));
            }

            if (facts.Pregnant || facts.AllergicTo("preventive"))
            {
                wanted.Add(new Proposal("RX-5", "note"));
            }
        }

        if (f.Migraine && f.Deficient && !f.OnMagnesium && minor)
        {
            wanted.Add(Proposal.Drug("RX-5", "magnesium", false));
        }

        wanted.AddRange(WantedForAttack(f, adult));
        if (f.Deficient && f.Serum.Low && facts.Medicines.Any(m => m.Classes.Contains("oral") && m.Started is { } start
            && Months(start.FirstDay, facts.Today) >= 3 && f.Serum.Shown!.When.Start >= start.Start))
        {
            wanted.Add(new Proposal("RX-8", "Task"));
        }

        if (adult && f.Deficiency is ("confirmed" or "latent-suspected" or "possible"))
        {
            wanted.Add(new Proposal("DIET-1", "CommunicationRequest"));
        }

        return wanted;
    }

    private static IEnumerable<Proposal> WantedForAttack(Findings f, bool adult)
    {
        if (!f.Migraine || !adult || f.Facts.Takes("injection"))
        {
            return [];
        }

        var attacks = f.Facts.Encounters
            .Where(e => HasClass(e, AcuteClasses) && ReasonsOf(f.Facts, e).Any(r => Is(r, Migraine))).ToList();
        var inpatient = attacks.Where(e => HasClass(e, InpatientClasses)).ToList();
        if (inpatient.Any(e => ReasonsOf(f.Facts, e).Any(r => Is(r, AuraStatus))))
        {
            return [Proposal.Drug("RX-7", "magnesium-sulfate", true)];
        }

        if (attacks.Count == 0)
        {
            return [];
        }

        var attack = Proposal.Drug("RX-6", "magnesium-sulfate", true);
        return inpatient.Count > 0 && f.Facts.HasAura ? [attack, new Proposal("RX-7", "note")] : [attack];
    }

    // LAB and ASK, which no safety rule blocks, follow what stands.
    private static IEnumerable<Proposal> Orders(Findings f, List<Proposal> standing)
    {
        var serum = f.Serum;
        if ((f.Migraine || f.Deficiency == "possible") && serum.Status is ("missing" or "stale"))
        {
            yield return new Proposal("LAB-1", "ServiceRequest");
        }

        if (f.Migraine && serum.Only("borderline", "suboptimal", "normal") && f.ManySymptoms
            && f.Facts.Current("erythrocytes") is null && f.Facts.Current("leukocytes") is null && f.Facts.Current("tetany") is null)
        {
            yield return new Proposal("LAB-2", "ServiceRequest");
        }

        var drugs = standing.Where(p => p.Medication is not null).Select(p => p.Rule).ToList();
        if (drugs.Any(r => r is "RX-1" or "RX-2" or "RX-3" or "RX-5"))
        {
            yield return new Proposal("LAB-3", "ServiceRequest");
        }

        if (drugs.Count > 0 && f.Facts.Current("egfr") is null)
        {
            yield return new Proposal("LAB-4", "ServiceRequest");
        }

        if (f.Migraine && !serum.Low && !(f.Answers is not null && Within(f.Answers.When, f.Facts.AsOf, 90)))
        {
            yield return new Proposal("ASK-1", "Task");
        }
    }
}
