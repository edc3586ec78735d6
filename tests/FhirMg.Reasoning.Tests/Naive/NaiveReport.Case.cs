using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private sealed record Condition(JsonObject Resource, Presence Presence)
    {
        public bool Has(Diagnosis what) => Is(Get(Resource, "code"), what);
    }

    // Everything that counts for one patient.
    private sealed class Case
    {
        public required long AsOf { get; init; }

        public required DateOnly Today { get; init; }

        public required Document Document { get; init; }

        public Moment? Birth { get; set; }

        public bool Deceased { get; set; }

        public SetAsides Aside { get; } = new();

        public Observed Observed { get; } = new();

        public List<Condition> Conditions { get; } = [];

        public List<Entry> Encounters { get; } = [];

        public List<Medicine> Medicines { get; } = [];

        public List<JsonNode> Allergies { get; } = [];

        public List<Answers> Answers { get; } = [];

        public bool Confirmed(Diagnosis what) => Conditions.Any(c => c.Presence == Presence.Confirmed && c.Has(what));

        public bool Suspected(Diagnosis what) => Conditions.Any(c => c.Has(what));

        public bool Takes(string drugClass) => Medicines.Any(m => m.Classes.Contains(drugClass));

        public List<Result> Recent(string row) =>
            Observed.Results.Where(r => r.Row == row && Within(r.When, AsOf, 365)).ToList();

        public Result? Current(string row) => Newest(Recent(row));

        public bool EncounterReason(Diagnosis what) =>
            Encounters.Any(e => Items(e.Resource, "reasonCode").Any(r => Is(r, what)));

        public bool HasMigraine => Confirmed(Migraine) || EncounterReason(Migraine);

        public bool HasAura => Confirmed(Aura) || EncounterReason(Aura);

        public bool AllergicTo(params string[] classes) => Allergies.Any(a =>
            ClassesByCode(AllergyConcepts(a), false, false).Overlaps(classes)
            || ClassesByName(AllergyConcepts(a), false).Overlaps(classes));

        private bool PregnantBy(bool unconfirmedToo) =>
            Conditions.Any(c => (unconfirmedToo || c.Presence == Presence.Confirmed)
                && c.Has(Pregnancy) && OnsetIsRecent(c.Resource, AsOf))
            || Newest(Observed.Results.Where(r => r.Row == "pregnancy" && Within(r.When, AsOf, 300))) is { Positive: true };

        public bool Pregnant => PregnantBy(false);

        public bool MaybePregnant => PregnantBy(true);

        public Ages? Ages => AgesOn(Birth, Today);
    }

    private static Case ReadCase(Document document, string patient, Dictionary<Entry, string?> subjects, DateTimeOffset asOf)
    {
        var now = asOf.UtcTicks;
        var facts = new Case { AsOf = now, Today = DateOnly.FromDateTime(asOf.UtcDateTime), Document = document };
        if (document.Entries.FirstOrDefault(e => e.Type == "Patient" && e.Name == patient) is { } self)
        {
            ReadPatient(self, facts);
        }

        foreach (var (entry, subject) in subjects)
        {
            if (subject is null || subject == patient)
            {
                ReadEntry(entry, subject is not null, facts);
            }
        }

        return facts;
    }

    private static void ReadPatient(Entry entry, Case facts)
    {
        var patient = entry.Resource;
        var deceased = Get(patient, "deceasedBoolean");
        var deceasedAt = Get(patient, "deceasedDateTime");
        facts.Deceased = (deceased is not null && (!IsBool(deceased) || IsTrue(deceased)))
            || (deceasedAt is not null && !(ReadTime(Text(deceasedAt))?.Start > facts.AsOf));
        if (!PatientShape(patient))
        {
            facts.Aside.Add(entry.Name, "malformed");
            return;
        }

        if (Text(patient, "birthDate") is { } text)
        {
            var birth = ReadBirth(text);
            if (birth is null || birth.FirstDay > facts.Today)
            {
                facts.Aside.Add(entry.Name, "date");
            }
            else
            {
                facts.Birth = birth;
            }
        }
    }

    private static void ReadEntry(Entry entry, bool readable, Case facts)
    {
        if (entry.Type == "Observation")
        {
            ReadObservation(entry, readable, facts.Birth, facts.AsOf, facts.Observed, facts.Aside);
            return;
        }

        if (entry.Type == "QuestionnaireResponse" && !IsOurQuestionnaire(entry.Resource))
        {
            return;
        }

        if (!MayCountByStatus(entry))
        {
            return;
        }

        var wellFormed = entry.Type switch
        {
            "Condition" => ConditionShape(entry.Resource),
            "Encounter" => EncounterShape(entry.Resource),
            "AllergyIntolerance" => AllergyShape(entry.Resource),
            "QuestionnaireResponse" => AnswersShape(entry.Resource),
            _ => MedicineIsWellFormed(entry),
        };
        var reason = !wellFormed ? "malformed" : !readable ? "subject" : ReadWellFormed(entry, facts);
        if (reason is not null)
        {
            facts.Aside.Add(entry.Name, reason);
        }
    }

    // What plainly does not count by status is not named, whatever else is wrong with it.
    private static bool MayCountByStatus(Entry entry)
    {
        var resource = entry.Resource;
        switch (entry.Type)
        {
            case "Condition":
                return Malformed(resource, "clinicalStatus", ConceptShape) || Malformed(resource, "verificationStatus", ConceptShape)
                    || PresenceOf(resource) != Presence.None;
            case "AllergyIntolerance":
                return Malformed(resource, "clinicalStatus", ConceptShape) || Malformed(resource, "verificationStatus", ConceptShape)
                    || AllergyCounts(resource);
            case "Encounter":
                return Malformed(resource, "status", Str) || Text(resource, "status") == "in-progress";
            case "MedicationRequest":
                return Malformed(resource, "status", Str)
                    || (Text(resource, "status") == "active" && !IsTrue(Get(resource, "doNotPerform"))
                        && (Malformed(resource, "intent", Str)
                            || Text(resource, "intent") is "order" or "original-order" or "reflex-order" or "filler-order" or "instance-order"));
            case "MedicationStatement":
                return Malformed(resource, "status", Str) || Text(resource, "status") is "active" or "intended";
            case "MedicationAdministration":
                return Malformed(resource, "status", Str) || Text(resource, "status") is "completed" or "in-progress" or "stopped";
            default:
                return true;
        }
    }

    private static bool Malformed(JsonNode resource, string element, Shape shape) => Get(resource, element) is { } node && !shape(node);

    private static string? ReadWellFormed(Entry entry, Case facts)
    {
        switch (entry.Type)
        {
            case "Condition":
                if (PresenceOf(entry.Resource) is var presence and not Presence.None)
                {
                    facts.Conditions.Add(new Condition(entry.Resource, presence));
                }

                return null;
            case "Encounter":
                if (EncounterInProgress(entry.Resource, facts.AsOf))
                {
                    facts.Encounters.Add(entry);
                }

                return null;
            case "AllergyIntolerance":
                if (AllergyCounts(entry.Resource))
                {
                    facts.Allergies.Add(entry.Resource);
                }

                return null;
            case "QuestionnaireResponse":
                return ReadAnswers(entry, facts);
            default:
                var (current, reason) = IsCurrent(entry, facts.AsOf);
                if (current)
                {
                    facts.Medicines.Add(ReadMedicine(facts.Document, entry));
                }

                return reason;
        }
    }

    private static string? ReadAnswers(Entry entry, Case facts)
    {
        if (Text(entry.Resource, "status") is not ("completed" or "amended"))
        {
            return "status";
        }

        if (ReadTime(Text(entry.Resource, "authored")) is not { } when)
        {
            return "date";
        }

        if (IsFuture(when, facts.AsOf))
        {
            return "future";
        }

        var given = new Dictionary<string, bool>();
        CollectAnswers(entry.Resource, given);
        facts.Answers.Add(new Answers(entry.Name, when, given));
        return null;
    }

    // SYM-1: the newest answers that count; those that were newer but do not count are set aside.
    private static (Answers? Answers, int Count) Manifestations(Case facts)
    {
        var rest = facts.Answers.Where(a => Within(a.When, facts.AsOf, 365)).ToList();
        while (rest.Count > 0)
        {
            var newest = rest.Where(a => !rest.Any(b => b.When.BeginsAfter(a.When)))
                .OrderBy(a => a.Name, StringComparer.Ordinal).First();
            var count = newest.Given.Count(g => g.Value && !(g.Key == "headache" && facts.HasMigraine));
            if (newest.Given.Count == Questions.Length || count >= 3)
            {
                return (newest, count);
            }

            facts.Aside.Add(newest.Name, "value");
            rest.Remove(newest);
        }

        return (null, 0);
    }
}
