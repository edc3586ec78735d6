using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>What the rules read of one resource.</summary>
/// <param name="Name">How outputs name the resource: <c>Type/id</c>, else its fullUrl, else <c>Type/#index</c>.</param>
/// <param name="FullUrl">The entry's fullUrl without a version, where references may mean it; null when there is none.</param>
/// <param name="Subject">The reference to the patient as written; null when there is none to read.</param>
/// <param name="Malformed">Whether an element that the rules read has another JSON type than FHIR's.</param>
internal abstract record Fact(string Name, string? FullUrl, string? Subject, bool Malformed)
{
    /// <summary>Position of the resource in its document; all facts of one resource share it.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Version of the resource on its server; null when not stated.</summary>
    public string? VersionId { get; init; }
}

/// <summary>A patient.</summary>
internal sealed record PatientFact(string Name, string? FullUrl, bool Malformed, FhirTime Birth, bool DeceasedFlag, FhirTime DeceasedTime)
    : Fact(Name, FullUrl, null, Malformed)
{
    /// <summary>The position of a patient who is only referred to.</summary>
    public const int NotInDocument = int.MaxValue;

    public AdministrativeGender Gender { get; init; }

    public static PatientFact Absent(string name) => new(name, null, false, default, false, default) { Ordinal = NotInDocument };
}

/// <summary>What a laboratory says of its own result.</summary>
internal enum LaboratoryVerdict : byte
{
    None,
    Low,
    Normal,
    High,
}

/// <summary>A measurement: an Observation, or a component of one.</summary>
internal sealed record ObservationFact(string Name, string? FullUrl, string? Subject, bool Malformed, LaboratoryRow Row) : Fact(Name, FullUrl, Subject, Malformed)
{
    /// <summary>Malformed, status or date; none when these are in order.</summary>
    public required SetAsideReason Early { get; init; }

    /// <summary>Value, unit or implausible; none when the value counts.</summary>
    public required SetAsideReason Late { get; init; }

    public bool Preliminary { get; init; }

    public FhirTime Time { get; init; }

    public string? TimeText { get; init; }

    public FhirTime Issued { get; init; }

    /// <summary>In mmol/L, or mL/min/1.73 m² for the filtration rate; else as recorded.</summary>
    public Interval Value { get; init; }

    public Unit? Unit { get; init; }

    /// <summary>The unit as written, where it is what sets the result aside; null otherwise.</summary>
    public string? UnitText { get; init; }

    public LaboratoryVerdict Interpretation { get; init; }

    /// <summary>The laboratory's own reference interval in mmol/L; null when none is usable.</summary>
    public Interval? Reference { get; init; }

    /// <summary>A positive tetany test, or the answer "pregnant".</summary>
    public bool Positive { get; init; }
}

/// <summary>A condition that is present (IN-7); others leave no fact.</summary>
/// <param name="Confirmed">False when unconfirmed or differential: it counts for safety rules only.</param>
/// <param name="Coded">Whether a code of ICD-10, ICD-10-CM or SNOMED CT stands on it.</param>
/// <param name="OnsetEnd">Last instant of its onset in ticks of UTC; null when it says none that can be compared.</param>
/// <param name="Label">Code and words, for people; null when the condition is none that the rules ask for.</param>
internal sealed record ConditionFact(
    string Name, string? FullUrl, string? Subject, bool Malformed, ConditionSets Sets, bool Confirmed, bool Coded, long? OnsetEnd, string? Label)
    : Fact(Name, FullUrl, Subject, Malformed);

/// <summary>An encounter in progress (IN-10).</summary>
/// <param name="ReasonCodes">The sets that its reason codes lie in.</param>
/// <param name="ReferencedReasons">The sets of the present conditions that it names as reason or diagnosis.</param>
/// <param name="ReasonReferences">References to such conditions, before they are resolved.</param>
internal sealed record EncounterFact(
    string Name, string? FullUrl, string? Subject, bool Malformed, AnswerSets Class, FhirTime Start, FhirTime End,
    ConditionSets ReasonCodes, ConditionSets ReferencedReasons, IReadOnlyList<string> ReasonReferences) : Fact(Name, FullUrl, Subject, Malformed);

/// <summary>A medicine that counts by its status (IN-8).</summary>
internal sealed record MedicineFact(string Name, string? FullUrl, string? Subject, bool Malformed, MedicineKind Kind) : Fact(Name, FullUrl, Subject, Malformed)
{
    public MedicineCodes Codes { get; init; }

    public string? MedicationReference { get; init; }

    public bool InProgress { get; init; }

    /// <summary>When it was started: authoredOn, effectiveDateTime or effectivePeriod.start.</summary>
    public FhirTime Start { get; init; }

    public FhirTime End { get; init; }

    public string? Label { get; init; }
}

/// <summary>The resource that makes a medicine current.</summary>
internal enum MedicineKind : byte
{
    Request,
    Statement,
    Administration,

    /// <summary>A draft order that a clinician is about to place (IN-8): current for the safety rules alone.</summary>
    Draft,
}

/// <summary>A Medication that others refer to.</summary>
internal sealed record MedicationFact(string Name, string? FullUrl, bool Malformed, MedicineCodes Codes, string? Label) : Fact(Name, FullUrl, null, Malformed);

/// <summary>An allergy or intolerance that counts by its status.</summary>
internal sealed record AllergyFact(
    string Name, string? FullUrl, string? Subject, bool Malformed, bool Magnesium, bool Preventive, bool Identified, string? Label)
    : Fact(Name, FullUrl, Subject, Malformed);

/// <summary>An answered manifestations questionnaire (SYM-1).</summary>
/// <param name="Answered">One bit per question of the questionnaire that has an answer.</param>
/// <param name="Yes">One bit per question answered yes.</param>
internal sealed record ManifestationsFact(
    string Name, string? FullUrl, string? Subject, bool Malformed, bool StatusCounts, FhirTime Authored, string? AuthoredText, uint Answered, uint Yes)
    : Fact(Name, FullUrl, Subject, Malformed);
