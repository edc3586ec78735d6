using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private enum Presence
    {
        None,
        Unconfirmed,
        Confirmed,
    }

    private static Presence PresenceOf(JsonNode condition)
    {
        var verification = StatusCode(Get(condition, "verificationStatus"));
        var clinical = StatusCode(Get(condition, "clinicalStatus"));
        var abated = condition is JsonObject o && o.Any(p => p.Key.StartsWith("abatement", StringComparison.Ordinal) && p.Value is not null);
        var present = verification is not ("refuted" or "entered-in-error")
            && (clinical is "active" or "recurrence" or "relapse" || (clinical is null && !abated));
        return !present ? Presence.None
            : verification is "unconfirmed" or "differential" ? Presence.Unconfirmed
            : Presence.Confirmed;
    }

    private static bool OnsetIsRecent(JsonNode condition, long asOf)
    {
        var onset = ReadTime(Text(condition, "onsetDateTime")) ?? ReadTime(Text(Get(condition, "onsetPeriod"), "end"));
        return onset is null || onset.End >= asOf - (300 * TimeSpan.TicksPerDay);
    }

    private static bool AllergyCounts(JsonNode allergy) =>
        StatusCode(Get(allergy, "clinicalStatus")) is (null or "active")
        && StatusCode(Get(allergy, "verificationStatus")) is not ("refuted" or "entered-in-error");

    private static List<JsonNode> AllergyConcepts(JsonNode allergy) =>
        Items(allergy, "reaction").Select(r => Get(r, "substance")).Append(Get(allergy, "code")).OfType<JsonNode>().ToList();

    private static bool EncounterInProgress(JsonNode encounter, long asOf)
    {
        var period = Get(encounter, "period");
        var start = ReadTime(Text(period, "start"));
        var end = ReadTime(Text(period, "end"));
        return Text(encounter, "status") == "in-progress" && !(start?.Start > asOf) && !(end?.Start < asOf);
    }

    private sealed record Medicine(HashSet<string> Classes, bool Unresolved, Moment? Started);

    private static (bool Current, string? Reason) IsCurrent(Entry entry, long asOf)
    {
        var status = Text(entry.Resource, "status");
        var period = Get(entry.Resource, "effectivePeriod");
        if (entry.Type == "MedicationRequest")
        {
            var intent = Text(entry.Resource, "intent");
            var ordered = intent is "order" or "original-order" or "reflex-order" or "filler-order" or "instance-order";
            return (ordered && status == "active" && !IsTrue(Get(entry.Resource, "doNotPerform")), null);
        }

        var end = ReadTime(Text(period, "end"))?.Start;
        if (entry.Type == "MedicationStatement")
        {
            return (status is "active" or "intended" && !(end < asOf), null);
        }

        if (status is not ("completed" or "in-progress" or "stopped"))
        {
            return (false, null);
        }

        var start = ReadTime(Text(entry.Resource, "effectiveDateTime"))?.Start ?? ReadTime(Text(period, "start"))?.Start;
        if (start is null && end is null)
        {
            return (false, "date");
        }

        var until = end ?? (status == "in-progress" ? asOf : start!.Value);
        return ((start ?? until) <= asOf && until >= asOf - TimeSpan.TicksPerDay, null);
    }

    private static Medicine ReadMedicine(Document document, Entry entry)
    {
        var request = entry.Resource;
        var concepts = new List<JsonNode?> { Get(request, "medicationCodeableConcept") };
        var places = Items(request, "dosageInstruction").Select(d => Get(d, "route")).ToList();
        var dosage = Get(request, "dosage");
        places.AddRange(dosage is JsonArray ? Items(request, "dosage").Select(d => Get(d, "route")) : [Get(dosage, "route")]);
        var forms = new List<JsonNode?>();
        if (document.Target(entry, Get(request, "medicationReference")) is { } medication
            && Text(medication, "resourceType") == "Medication" && MedicationShape(medication))
        {
            concepts.Add(Get(medication, "code"));
            concepts.AddRange(Items(medication, "ingredient").Select(i => Get(i, "itemCodeableConcept")));
            forms.Add(Get(medication, "form"));
        }

        var known = concepts.OfType<JsonNode>().ToList();
        var injectable = places.Any(p => HasCode(p, Snomed, "47625008", "78421000")) || forms.Any(f => HasCode(f, Snomed, "385219001"));
        var placeKnown = places.Concat(forms).Any(p => Codings(p).Any(c => c.System == Snomed));
        var classes = ClassesByCode(known, injectable, placeKnown);
        if (classes.Count == 0)
        {
            classes = ClassesByName(known, injectable);
        }

        var resolved = classes.Count > 0
            || known.Any(c => Codings(c).Any(x => x.System == Atc))
            || known.Any(c => Codings(c).Any(x => x.System == RxNorm && (x.Display is not null || Text(c, "text") is not null)));
        var started = ReadTime(
            Text(request, "authoredOn") ?? Text(request, "effectiveDateTime") ?? Text(Get(request, "effectivePeriod"), "start"));
        return new Medicine(classes, !resolved, started);
    }

    private static bool MedicineIsWellFormed(Entry entry) =>
        MedicineShape(entry.Resource)
        && Get(entry.Resource, "dosage") switch
        {
            null => true,
            { } dosage => entry.Type == "MedicationAdministration" ? RouteShape(dosage) : List(RouteShape)(dosage),
        };

    private static readonly string[] Questions =
    [
        "irritability", "reflexes", "weakness", "exertion", "cramps", "paraesthesia", "sleep", "hair-nails",
        "tachycardia-hypertension", "headache", "gastrointestinal",
    ];

    private sealed record Answers(string Name, Moment When, Dictionary<string, bool> Given);

    private static bool IsOurQuestionnaire(JsonNode response) =>
        Text(response, "questionnaire")?.Split('|')[0] == Base + "/Questionnaire/magnesium-deficiency-manifestations";

    private static void CollectAnswers(JsonNode parent, Dictionary<string, bool> given)
    {
        foreach (var item in Items(parent, "item"))
        {
            CollectAnswers(item, given);
            foreach (var answer in Items(item, "answer"))
            {
                CollectAnswers(answer, given);
                var link = Text(item, "linkId");
                if (link is not null && Questions.Contains(link) && Get(answer, "valueBoolean") is { } value)
                {
                    given[link] = IsTrue(value) || given.GetValueOrDefault(link);
                }
            }
        }
    }
}
