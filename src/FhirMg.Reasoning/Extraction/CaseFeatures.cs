using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Extraction;

/// <summary>What bears on one patient's magnesium at a time: everything that the rules ask for, and nothing else. Never changes once extracted.</summary>
public sealed class CaseFeatures
{
    internal CaseFeatures(PatientRecord record, DateTimeOffset asOf) => (Record, AsOf) = (record, asOf.ToUniversalTime());

    /// <summary>How outputs name the patient.</summary>
    public string Patient => Record.Name;

    /// <summary>Records (<c>Patient/id</c>) that were merged into the patient's and that data were recorded under, which count as the patient's; sorted.</summary>
    public IReadOnlyCollection<string> JoinedFrom => Record.JoinedFrom;

    /// <summary>The time that the case is looked at, in UTC.</summary>
    public DateTimeOffset AsOf { get; }

    /// <summary>Whether the patient had died by then (IN-9).</summary>
    public bool Deceased { get; internal set; }

    /// <summary>The administrative gender of the Patient resource.</summary>
    public AdministrativeGender Gender => Record.Patient.Gender;

    /// <summary>The birth date as the interval of time that it names; not readable when there is none, or none that counts (IN-6).</summary>
    public FhirTime Birth { get; internal set; }

    /// <summary>Whether there is a birth date to reckon with (IN-6).</summary>
    public bool HasBirthDate { get; internal set; }

    /// <summary>The ages that the patient may have at <see cref="AsOf"/>.</summary>
    public AgeSpan Age { get; internal set; } = AgeSpan.Unknown;

    /// <summary>Kinds of data that the source could not give: rules that rest on them are not checked.</summary>
    public DataKinds NotRead { get; internal set; }

    /// <summary>Resources that do not count, sorted by name.</summary>
    public IReadOnlyList<SetAside> SetAside { get; internal set; } = [];

    /// <summary>Present conditions without a code of a system that the rules know (IN-7).</summary>
    public int UncodedConditions { get; internal set; }

    /// <summary>Current medicines of which nobody can tell what they are (IN-8).</summary>
    public int UnresolvedMedicines { get; internal set; }

    /// <summary>Change of serum magnesium in mmol/L per month; null with fewer than two values or times (STAT-3).</summary>
    public decimal? TrendPerMonth { get; internal set; }

    internal PatientRecord Record { get; }

    internal ObservationFact? Serum { get; set; }

    internal AgeSpan SerumAge { get; set; } = AgeSpan.Unknown;

    internal ObservationFact? StaleSerum { get; set; }

    /// <summary>Every serum value that counts, oldest first, also those before the look-back.</summary>
    internal IReadOnlyList<ObservationFact> SerumSeries { get; set; } = [];

    internal bool NewerSerumSetAside { get; set; }

    internal ObservationFact? Erythrocyte { get; set; }

    internal ObservationFact? Leukocyte { get; set; }

    internal ObservationFact? Ionized { get; set; }

    internal ObservationFact? Tetany { get; set; }

    internal ObservationFact? Egfr { get; set; }

    internal ObservationFact? PregnancyAnswer { get; set; }

    internal IReadOnlyList<ObservationFact> HeadacheBurden { get; set; } = [];

    /// <summary>Magnesium in whole blood and urine: listed as seen, never classified.</summary>
    internal IReadOnlyList<ObservationFact> SeenOnly { get; set; } = [];

    internal IReadOnlyList<ConditionFact> Conditions { get; set; } = [];

    /// <summary>The sets of conditions that are surely present.</summary>
    internal ConditionSets Present { get; set; }

    /// <summary>The sets of conditions that are present, surely or not: for safety rules.</summary>
    internal ConditionSets Possible { get; set; }

    internal bool Pregnant { get; set; }

    internal bool PossiblyPregnant { get; set; }

    internal IReadOnlyList<EncounterFact> Encounters { get; set; } = [];

    /// <summary>The sets of the reason codes of encounters in progress.</summary>
    internal ConditionSets EncounterReasons { get; set; }

    internal EncounterFact? AcuteAttack { get; set; }

    internal EncounterFact? InpatientAttack { get; set; }

    internal EncounterFact? AuraStatus { get; set; }

    internal IReadOnlyList<MedicineFact> Medicines { get; set; } = [];

    internal MedicineSets MedicineSets { get; set; }

    /// <summary>Draft orders of the clinician at hand: current for the safety rules alone (IN-8).</summary>
    internal IReadOnlyList<MedicineFact> Drafts { get; set; } = [];

    internal MedicineSets DraftSets { get; set; }

    /// <summary>The sets of the medicines that the safety rules look at.</summary>
    internal MedicineSets SafetySets => MedicineSets | DraftSets;

    /// <summary>The medicines that the safety rules look at: the current ones, then the drafts.</summary>
    internal IEnumerable<MedicineFact> SafetyMedicines => Drafts.Count == 0 ? Medicines : Medicines.Concat(Drafts);

    internal IReadOnlyList<AllergyFact> Allergies { get; set; } = [];

    internal bool MagnesiumAllergy { get; set; }

    internal bool PreventiveAllergy { get; set; }

    internal bool UnidentifiedAllergy { get; set; }

    internal ManifestationsFact? Manifestations { get; set; }

    internal int ManifestationCount { get; set; }

    /// <summary>Whether migraine is present (IN-7).</summary>
    public bool HasMigraine => ((Present | EncounterReasons) & ConditionSets.Migraine) != 0;

    /// <summary>Whether migraine with aura is present.</summary>
    public bool HasAura => HasMigraine && ((Present | EncounterReasons) & ConditionSets.MigraineWithAura) != 0;

    /// <summary>The forms of migraine that are coded; none without migraine.</summary>
    public MigraineForms Forms => !HasMigraine ? MigraineForms.None : Form(ConditionSets.MigraineWithoutAura, MigraineForms.WithoutAura)
        | Form(ConditionSets.MigraineWithAura, MigraineForms.WithAura) | Form(ConditionSets.MigraineChronic, MigraineForms.Chronic)
        | Form(ConditionSets.StatusMigrainosus, MigraineForms.StatusMigrainosus);

    /// <summary>The current serum magnesium in mmol/L; null when there is none, also when it is stale.</summary>
    public Interval? CurrentSerum => Serum?.Value;

    /// <summary>Whether a current medicine is magnesium, in any form.</summary>
    public bool OnAnyMagnesium => (MedicineSets & MedicineSets.AnyMagnesium) != 0;

    private MigraineForms Form(ConditionSets set, MigraineForms form) => ((Present | EncounterReasons) & set) != 0 ? form : MigraineForms.None;
}
