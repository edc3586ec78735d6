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
        var medications = new Lazy<FactIndex<MedicationFact>>(() => new("Medication", builder.Medications.Where(fact => !builder.IsReplaced(fact))));
        var conditions = new Lazy<FactIndex<ConditionFact>>(() => new("Condition", builder.Conditions.Where(fact => !builder.IsReplaced(fact))));
        Attribute(builder, patients, builder.Observations, (record, fact) => record.Observations.Add(fact));
        Attribute(builder, patients, builder.Conditions, (record, fact) => record.Conditions.Add(fact));
        Attribute(builder, patients, builder.Allergies, (record, fact) => record.Allergies.Add(fact));
        Attribute(builder, patients, builder.Manifestations, (record, fact) => record.Manifestations.Add(fact));
        Attribute(builder, patients, builder.Medicines, (record, fact) => record.Medicines.Add(Complete(fact, medications)));
        Attribute(builder, patients, builder.Encounters, (record, fact) => record.Encounters.Add(Complete(fact, record, patients, conditions)));
        var missing = builder.Medicines.Where(fact => !builder.IsReplaced(fact) && fact.MedicationReference is { } reference && medications.Value.Find(reference) is null)
            .Select(fact => fact.MedicationReference!).Distinct(StringComparer.Ordinal);
        return new(builder.Knowledge, patients.Records, [.. missing]);
    }

    private static void Attribute<T>(DocumentBuilder builder, SubjectIndex patients, List<T> facts, Action<PatientRecord, T> add) where T : Fact
    {
        foreach (var fact in facts)
        {
            if (builder.HasReplaced && builder.IsReplaced(fact))
            {
                continue;
            }

            if (patients.Find(fact.Subject) is { } record)
            {
                add(record, fact);
                patients.Note(record, fact);
            }
            else
            {
                patients.Unattributed.Add(fact);
            }
        }
    }

    private static MedicineFact Complete(MedicineFact fact, Lazy<FactIndex<MedicationFact>> medications) =>
        fact.MedicationReference is { } reference && medications.Value.Find(reference) is { } medication
            ? fact with { Codes = fact.Codes.And(medication.Codes), Label = fact.Label ?? medication.Label }
            : fact;

    private static EncounterFact Complete(EncounterFact fact, PatientRecord record, SubjectIndex patients, Lazy<FactIndex<ConditionFact>> conditions)
    {
        var sets = fact.ReferencedReasons;
        foreach (var reference in fact.ReasonReferences)
        {
            if (conditions.Value.Find(reference) is { Confirmed: true, Malformed: false } condition && patients.Find(condition.Subject) == record)
            {
                sets |= condition.Sets;
            }
        }

        return fact with { ReferencedReasons = sets };
    }
}
