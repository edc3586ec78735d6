using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Extraction;

/// <summary>What bears on one patient's magnesium at a time: everything that the rules ask for, and nothing else. Immutable.</summary>
public sealed record CaseFeatures
{
    internal CaseFeatures(PatientRecord record, DateTimeOffset asOf) => (Record, AsOf) = (record, asOf.ToUniversalTime());

    /// <summary>How outputs name the patient.</summary>
    public string Patient => Record.Name;

    /// <summary>The time that the case is looked at, in UTC.</summary>
    public DateTimeOffset AsOf { get; }

    /// <summary>Whether the patient had died by then (IN-9).</summary>
    public bool Deceased { get; internal init; }

    /// <summary>Whether there is a birth date to reckon with (IN-6).</summary>
    public bool HasBirthDate { get; internal init; }

    /// <summary>The ages that the patient may have at <see cref="AsOf"/>.</summary>
    public AgeSpan Age { get; internal init; } = AgeSpan.Unknown;

    /// <summary>Kinds of data that the source could not give: rules that rest on them are not checked.</summary>
    public DataKinds NotRead { get; internal init; }

    /// <summary>Resources that do not count, sorted by name.</summary>
    public IReadOnlyList<SetAside> SetAside { get; internal init; } = [];

    /// <summary>Present conditions without a code of a system that the rules know (IN-7).</summary>
    public int UncodedConditions { get; internal init; }

    /// <summary>Current medicines of which nobody can tell what they are (IN-8).</summary>
    public int UnresolvedMedicines { get; internal init; }

    /// <summary>Change of serum magnesium in mmol/L per month; null with fewer than two values or times (STAT-3).</summary>
    public decimal? TrendPerMonth { get; internal init; }

    internal PatientRecord Record { get; }

    internal ObservationFact? Serum { get; init; }

    internal AgeSpan SerumAge { get; init; } = AgeSpan.Unknown;

    internal ObservationFact? StaleSerum { get; init; }

    /// <summary>Every serum value that counts, oldest first, also those before the look-back.</summary>
    internal IReadOnlyList<ObservationFact> SerumSeries { get; init; } = [];

    internal bool NewerSerumSetAside { get; init; }

    internal ObservationFact? Erythrocyte { get; init; }

    internal ObservationFact? Leukocyte { get; init; }

    internal ObservationFact? Ionized { get; init; }

    internal ObservationFact? Tetany { get; init; }

    internal ObservationFact? Egfr { get; init; }

    internal ObservationFact? PregnancyAnswer { get; init; }

    internal IReadOnlyList<ObservationFact> HeadacheBurden { get; init; } = [];

    /// <summary>Magnesium in whole blood and urine: listed as seen, never classified.</summary>
    internal IReadOnlyList<ObservationFact> SeenOnly { get; init; } = [];

    internal IReadOnlyList<ConditionFact> Conditions { get; init; } = [];

    /// <summary>The sets of conditions that are surely present.</summary>
    internal ConditionSets Present { get; init; }

    /// <summary>The sets of conditions that are present, surely or not: for safety rules.</summary>
    internal ConditionSets Possible { get; init; }

    internal bool Pregnant { get; init; }

    internal bool PossiblyPregnant { get; init; }

    internal IReadOnlyList<EncounterFact> Encounters { get; init; } = [];

    /// <summary>The sets of the reason codes of encounters in progress.</summary>
    internal ConditionSets EncounterReasons { get; init; }

    internal EncounterFact? AcuteAttack { get; init; }

    internal EncounterFact? InpatientAttack { get; init; }

    internal EncounterFact? AuraStatus { get; init; }

    internal IReadOnlyList<MedicineFact> Medicines { get; init; } = [];

    internal MedicineSets MedicineSets { get; init; }

    internal IReadOnlyList<AllergyFact> Allergies { get; init; } = [];

    internal bool MagnesiumAllergy { get; init; }

    internal bool PreventiveAllergy { get; init; }

    internal bool UnidentifiedAllergy { get; init; }

    internal ManifestationsFact? Manifestations { get; init; }

    internal int ManifestationCount { get; init; }

    /// <summary>Whether migraine is present (IN-7).</summary>
    public bool HasMigraine => ((Present | EncounterReasons) & ConditionSets.Migraine) != 0;

    /// <summary>Whether migraine with aura is present.</summary>
    public bool HasAura => HasMigraine && ((Present | EncounterReasons) & ConditionSets.MigraineWithAura) != 0;
}
