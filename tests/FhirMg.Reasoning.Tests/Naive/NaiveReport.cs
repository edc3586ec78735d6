using System.Globalization;
using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

/// <summary>
/// The specification once more, as plainly as it can be said: an oracle for the real implementation, written from the text alone.
/// </summary>
internal static partial class NaiveReport
{
    public const string Knowledge = Base + "/PlanDefinition/magnesium-migraine|1.0.0";

    public static JsonObject Evaluate(IReadOnlyList<JsonNode?> documents, DateTimeOffset asOf, string knowledge = Knowledge)
    {
        var reports = new JsonArray();
        foreach (var document in documents.Select(d => new Document(d)))
        {
            var subjects = document.Entries.Where(e => PatientTypes.Contains(e.Type)).ToDictionary(e => e, document.PatientOf);
            var patients = document.Entries.Where(e => e.Type == "Patient").Select(e => e.Name)
                .Concat(document.Entries.Where(subjects.ContainsKey).Select(e => subjects[e]).OfType<string>())
                .Distinct();
            foreach (var patient in patients)
            {
                reports.Add(Report(patient, ReadCase(document, patient, subjects, asOf), asOf, knowledge));
            }
        }

        return new JsonObject { ["reports"] = reports };
    }

    private static JsonArray Strings(IEnumerable<string> items) => new(items.Select(i => (JsonNode)i).ToArray());

    private static JsonObject Report(string patient, Case facts, DateTimeOffset asOf, string knowledge)
    {
        var report = new JsonObject
        {
            ["patient"] = patient,
            ["asOf"] = asOf.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
            ["knowledge"] = knowledge,
        };
        if (facts.Deceased)
        {
            report["deficiency"] = "none-evaluated";
            report["risks"] = new JsonArray();
            report["proposals"] = new JsonArray();
            report["safety"] = new JsonArray();
            report["context"] = new JsonArray("IN-9");
            report["notChecked"] = new JsonArray();
            report["setAside"] = new JsonArray();
            report["uncodedConditions"] = 0;
            report["unresolvedMedicines"] = 0;
            return report;
        }

        var (answers, count) = Manifestations(facts);
        var f = new Findings(facts, ReadSerum(facts), answers, count);
        var wanted = Wanted(f);
        var fired = PatientSafety(f).ToList();
        var standing = wanted.Where(p => !fired.Any(s => s.Blocks.Contains(p.Rule))).ToList();
        standing.AddRange(Orders(f, standing.ToList()));
        fired.AddRange(ProposalSafety(f, standing));
        var uncoded = facts.Conditions.Count(c => !IsCodedDiagnosis(Get(c.Resource, "code")));
        var unresolved = facts.Medicines.Count(m => m.Unresolved);
        var firedRules = fired.Select(s => s.Rule).Concat(standing.Select(p => p.Rule)).ToHashSet();

        report["serum"] = SerumJson(f.Serum);
        report["migraine"] = new JsonObject { ["present"] = f.Migraine, ["withAura"] = facts.HasAura };
        report["deficiency"] = f.Deficiency;
        report["manifestations"] = answers is null
            ? new JsonObject { ["asked"] = false }
            : new JsonObject { ["asked"] = true, ["count"] = count };
        report["risks"] = Risks(f);
        report["proposals"] = new JsonArray(standing.OrderBy(p => Array.IndexOf(RuleOrder, p.Rule)).Select(p => (JsonNode)p.ToJson()).ToArray());
        report["safety"] = new JsonArray(fired.OrderBy(s => Array.IndexOf(RuleOrder, s.Rule)).Select(s => (JsonNode)new JsonObject
        {
            ["rule"] = s.Rule,
            ["severity"] = s.Severity,
            ["blocks"] = Strings(RuleOrder.Where(r => s.Blocks.Contains(r) && wanted.Any(p => p.Rule == r))),
        }).ToArray());
        report["context"] = Strings(Context(f));
        report["notChecked"] = Strings(NotChecked(f, uncoded, unresolved)
            .Where(r => !firedRules.Contains(r)).OrderBy(r => Array.IndexOf(RuleOrder, r)));
        report["setAside"] = facts.Aside.ToJson();
        report["uncodedConditions"] = uncoded;
        report["unresolvedMedicines"] = unresolved;
        return report;
    }

    private static JsonObject SerumJson(Serum serum)
    {
        var json = new JsonObject { ["status"] = serum.Status, ["between"] = Strings(serum.Between) };
        if (serum.Shown is { } shown)
        {
            var ends = new JsonObject();
            if (shown.Value.Low is { } low)
            {
                ends["low"] = low;
            }

            if (shown.Value.High is { } high)
            {
                ends["high"] = high;
            }

            json["mmolPerL"] = ends;
            json["observation"] = shown.Name;
            json["effective"] = shown.WhenText;
            json["preliminary"] = shown.Preliminary;
        }

        if (serum.Trend is { } trend)
        {
            json["trendPerMonth"] = trend;
        }

        return json;
    }

    private static JsonArray Risks(Findings f)
    {
        if (!f.Migraine)
        {
            return [];
        }

        var low = f.Deficiency is "unlikely" or "excess" ? "low" : null;
        var attack = f.Serum.Low ? "high" : null;
        var course = f.Deficiency switch { "confirmed" => "high", "latent-suspected" => "moderate", _ => null };
        return [Risk("migraine-attack", "RISK-1", attack, low), Risk("severe-course", "RISK-2", course, low)];
    }

    private static JsonObject Risk(string outcome, string rule, string? level, string? otherwise)
    {
        var json = new JsonObject { ["outcome"] = outcome };
        if ((level ?? otherwise) is { } qualitative)
        {
            json["qualitative"] = qualitative;
        }

        json["rules"] = Strings([level is null ? "RISK-3" : rule]);
        return json;
    }

    private static IEnumerable<string> Context(Findings f)
    {
        var facts = f.Facts;
        if (facts.Birth is null)
        {
            yield return "IN-6";
        }

        if (f.Serum.Current?.LabSays is { } lab && f.Serum.Category is { } ours && lab != ours)
        {
            yield return "STAT-2";
        }

        if (facts.Ages?.Under(20) == true || facts.Pregnant || facts.Confirmed(Breastfeeding))
        {
            yield return "RISKG-1";
        }

        if (facts.Takes("lowering"))
        {
            yield return "CAUSE-1";
        }

        if (facts.Recent("load").Count > 0)
        {
            yield return "LOAD-1";
        }
    }
}
