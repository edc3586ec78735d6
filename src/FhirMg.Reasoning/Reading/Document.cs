using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>A closed set of resources: every patient in it, or referred to from it, with the facts about them.</summary>
public sealed class Document
{
    private Document(Knowledge knowledge, IReadOnlyList<PatientRecord> patients, IReadOnlyList<string> missingMedications) =>
        (Knowledge, Patients, MissingMedications) = (knowledge, patients, missingMedications);

    /// <summary>One record a patient: those of the document in its order, then those only referred to.</summary>
    public IReadOnlyList<PatientRecord> Patients { get; }

    /// <summary>The knowledge that the codes were looked up in.</summary>
    public Knowledge Knowledge { get; }

    /// <summary>References to Medications that are not in the document, each once.</summary>
    public IReadOnlyList<string> MissingMedications { get; }

    internal static Document Resolve(DocumentBuilder builder)
    {
        var patients = new SubjectIndex(builder);
        var medications = new Referred<MedicationFact>("Medication", builder.Medications, builder);
        var conditions = new Referred<ConditionFact>("Condition", builder.Conditions, builder);
        Attribute(builder, patients, builder.Observations, static record => record.Observations);
        Attribute(builder, patients, builder.Conditions, static record => record.Conditions);
        Attribute(builder, patients, builder.Allergies, static record => record.Allergies);
        Attribute(builder, patients, builder.Manifestations, static record => record.Manifestations);
        Attribute(builder, patients, builder.Medicines, static record => record.Medicines);
        Attribute(builder, patients, builder.Encounters, static record => record.Encounters);
        for (var i = 0; i < patients.Records.Count; i++)
        {
            var record = patients.Records[i];
            Complete(record.Medicines, medications);
            Complete(record.Encounters, record, patients, conditions);
        }

        return new(builder.Knowledge, patients.Records, Missing(builder, medications));
    }

    private static void Attribute<T>(DocumentBuilder builder, SubjectIndex patients, List<T> facts, Func<PatientRecord, List<T>> of) where T : Fact
    {
        if (patients.Records is [var only])
        {
            of(only).EnsureCapacity(facts.Count);
        }

        foreach (var fact in facts)
        {
            if (builder.HasReplaced && builder.IsReplaced(fact))
            {
                continue;
            }

            if (patients.Find(fact.Subject) is { } record)
            {
                of(record).Add(fact);
                patients.Note(record, fact);
            }
            else
            {
                patients.Unattributed.Add(fact);
            }
        }
    }

    private static List<string> Missing(DocumentBuilder builder, Referred<MedicationFact> medications)
    {
        List<string> missing = [];
        HashSet<string>? seen = null;
        foreach (var fact in builder.Medicines)
        {
            if (fact.MedicationReference is { } reference && !builder.IsReplaced(fact) && medications.Find(reference) is null
                && (seen ??= new(StringComparer.Ordinal)).Add(reference))
            {
                missing.Add(reference);
            }
        }

        return missing;
    }

    private static void Complete(List<MedicineFact> medicines, Referred<MedicationFact> medications)
    {
        for (var i = 0; i < medicines.Count; i++)
        {
            var fact = medicines[i];
            if (fact.MedicationReference is { } reference && medications.Find(reference) is { } medication)
            {
                medicines[i] = fact with { Codes = fact.Codes.And(medication.Codes), Label = fact.Label ?? medication.Label };
            }
        }
    }

    private static void Complete(List<EncounterFact> encounters, PatientRecord record, SubjectIndex patients, Referred<ConditionFact> conditions)
    {
        for (var i = 0; i < encounters.Count; i++)
        {
            var sets = encounters[i].ReferencedReasons;
            foreach (var reference in encounters[i].ReasonReferences)
            {
                if (conditions.Find(reference) is { Confirmed: true, Malformed: false } condition && patients.Find(condition.Subject) == record)
                {
                    sets |= condition.Sets;
                }
            }

            encounters[i] = sets == encounters[i].ReferencedReasons ? encounters[i] : encounters[i] with { ReferencedReasons = sets };
        }
    }

    /// <summary>Resources that others refer to, looked through for the first reference only.</summary>
    private sealed class Referred<T>(string type, List<T> facts, DocumentBuilder builder)
        where T : Fact
    {
        private FactIndex<T>? _index;

        public T? Find(string reference) => (_index ??= new(type, facts.Where(fact => !builder.IsReplaced(fact)))).Find(reference);
    }
}
