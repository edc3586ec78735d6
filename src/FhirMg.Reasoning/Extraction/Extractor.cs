using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Extraction;

/// <summary>Chooses, from the facts about a patient, those that count at a time (rules IN-*).</summary>
public static class Extractor
{
    /// <summary>The features of one patient's case.</summary>
    /// <param name="record">The facts.</param>
    /// <param name="knowledge">The knowledge that the facts were read with.</param>
    /// <param name="asOf">The time to look at.</param>
    /// <param name="notRead">Kinds of data that the source could not give.</param>
    public static CaseFeatures Extract(PatientRecord record, Knowledge knowledge, DateTimeOffset asOf, DataKinds notRead = DataKinds.None) =>
        new Extraction(record, knowledge, asOf, notRead).Run();

    // Never added to.
    private static readonly List<ObservationFact> None = [];

    private sealed class Extraction(PatientRecord record, Knowledge knowledge, DateTimeOffset asOf, DataKinds notRead)
    {
        private readonly long _now = asOf.UtcTicks;
        private readonly SortedDictionary<string, SetAsideReason> _setAside = new(StringComparer.Ordinal);
        private readonly List<ObservationFact>?[] _usable = new List<ObservationFact>?[(int)LaboratoryRow.HeadacheBurden + 1];
        private readonly List<ObservationFact> _unusableSerum = [];
        private readonly CaseFeatures _features = new(record, asOf) { NotRead = notRead };
        private FhirTime _birth;

        private int AsOfDay => (int)(_now / TimeSpan.TicksPerDay);

        private long LookBackStart => _now - knowledge.Thresholds.LookBack.Ticks;

        public CaseFeatures Run()
        {
            var patient = record.Patient;
            if (patient.DeceasedFlag || (patient.DeceasedTime.IsReadable && patient.DeceasedTime.Start <= _now))
            {
                _features.Deceased = true;
                return _features;
            }

            ReadBirth(patient);
            foreach (var fact in record.Unattributed)
            {
                Name(fact, fact.Malformed ? SetAsideReason.Malformed : SetAsideReason.Subject);
            }

            foreach (var observation in record.Observations)
            {
                Sort(observation);
            }

            // The features are ours until they are handed out: building them in place spares a copy a step.
            _features.HasBirthDate = _birth.IsReadable;
            _features.Birth = _birth;
            _features.Age = AgeOn(AsOfDay, AsOfDay);
            AddObservations();
            AddConditions();
            AddEncounters();
            AddMedicines();
            AddAllergies();
            AddManifestations();
            _features.SetAside = _setAside.Count == 0 ? [] : [.. _setAside.Select(pair => new SetAside(pair.Key, pair.Value))];
            return _features;
        }

        private void ReadBirth(PatientFact patient)
        {
            if (patient.Malformed)
            {
                Name(patient, SetAsideReason.Malformed);
            }
            else if (patient.Birth.Precision == TimePrecision.Unreadable || (patient.Birth.IsReadable && patient.Birth.FirstDay > AsOfDay))
            {
                Name(patient, SetAsideReason.Date);
            }
            else
            {
                _birth = patient.Birth;
            }
        }

        private AgeSpan AgeOn(int firstDay, int lastDay) => _birth.IsReadable ? AgeSpan.Between(_birth, firstDay, lastDay) : AgeSpan.Unknown;

        private void Name(Fact fact, SetAsideReason reason)
        {
            if (!_setAside.TryGetValue(fact.Name, out var earlier) || reason < earlier)
            {
                _setAside[fact.Name] = reason;
            }
        }

        private bool IsFuture(in FhirTime time) => time.Start > _now + (time.Precision == TimePrecision.Exact
            ? knowledge.Thresholds.FutureTolerance
            : knowledge.Thresholds.FutureTolerancePartial).Ticks;

        private void Sort(ObservationFact observation)
        {
            var isSerum = observation.Row == LaboratoryRow.SerumMagnesium;
            var reason = observation.Early != SetAsideReason.None ? observation.Early
                : isSerum && _birth.IsReadable && observation.Time.LastDay < _birth.FirstDay ? SetAsideReason.Date
                : IsFuture(observation.Time) ? SetAsideReason.Future
                : observation.Late;
            if (reason == SetAsideReason.None)
            {
                (_usable[(int)observation.Row] ??= []).Add(observation);
                return;
            }

            Name(observation, reason);
            if (isSerum && reason >= SetAsideReason.Value)
            {
                _unusableSerum.Add(observation);
            }
        }

        private List<ObservationFact> Usable(LaboratoryRow row) => _usable[(int)row] ?? None;

        private ObservationFact? Current(LaboratoryRow row) => Recency.Newest(Usable(row), LookBackStart);

        private void AddObservations()
        {
            var series = Usable(LaboratoryRow.SerumMagnesium);
            var serum = Current(LaboratoryRow.SerumMagnesium);
            var pregnancyStart = _now - knowledge.Thresholds.PregnancyWindow.Ticks;
            _features.Serum = serum;
            _features.SerumAge = serum is null ? AgeSpan.Unknown : AgeOn(serum.Time.FirstDay, serum.Time.LastDay);
            _features.StaleSerum = serum is null ? Recency.Newest(series) : null;
            _features.SerumSeries = series.Count < 2 ? series : Recency.OldestFirst(series);
            _features.TrendPerMonth = series.Count < 2 ? null : Trend.PerMonth(series, LookBackStart, knowledge.Thresholds.MonthDays);
            _features.NewerSerumSetAside = serum is not null && _unusableSerum.Exists(result => result.Time.Start > serum.Time.End);
            _features.Erythrocyte = Current(LaboratoryRow.ErythrocyteMagnesium);
            _features.Leukocyte = Current(LaboratoryRow.LeukocyteMagnesium);
            _features.Ionized = Current(LaboratoryRow.IonizedMagnesium);
            _features.Tetany = Current(LaboratoryRow.TetanyTest);
            _features.Egfr = Current(LaboratoryRow.Egfr);
            _features.PregnancyAnswer = Recency.Newest(Usable(LaboratoryRow.PregnancyStatus), pregnancyStart);
            _features.HeadacheBurden = Usable(LaboratoryRow.HeadacheBurden).FindAll(result => result.Time.Start >= LookBackStart);
            _features.SeenOnly = [.. Usable(LaboratoryRow.WholeBloodMagnesium), .. Usable(LaboratoryRow.UrineMagnesium)];
        }

        private void AddConditions()
        {
            var counted = new List<ConditionFact>();
            var (present, possible) = (ConditionSets.None, ConditionSets.None);
            var answer = _features.PregnancyAnswer is { Positive: true };
            var (pregnant, possiblyPregnant, uncoded) = (answer, answer, 0);
            foreach (var condition in record.Conditions)
            {
                if (condition.Malformed)
                {
                    Name(condition, SetAsideReason.Malformed);
                    continue;
                }

                uncoded += condition.Coded ? 0 : 1;
                if (condition.Sets == ConditionSets.None)
                {
                    continue;
                }

                counted.Add(condition);
                possible |= condition.Sets;
                present |= condition.Confirmed ? condition.Sets : ConditionSets.None;
                var isPregnancy = condition.Sets.HasFlag(ConditionSets.Pregnancy)
                    && !(condition.OnsetEnd < _now - knowledge.Thresholds.PregnancyWindow.Ticks);
                possiblyPregnant |= isPregnancy;
                pregnant |= isPregnancy && condition.Confirmed;
            }

            _features.Conditions = counted;
            _features.Present = present;
            _features.Possible = possible;
            _features.Pregnant = pregnant;
            _features.PossiblyPregnant = possiblyPregnant;
            _features.UncodedConditions = uncoded;
        }

        private void AddEncounters()
        {
            var counted = new List<EncounterFact>();
            var reasons = ConditionSets.None;
            EncounterFact? attack = null, inpatient = null, auraStatus = null;
            foreach (var encounter in record.Encounters)
            {
                if (encounter.Malformed)
                {
                    Name(encounter, SetAsideReason.Malformed);
                    continue;
                }

                if ((encounter.Start.IsReadable && encounter.Start.Start > _now) || (encounter.End.IsReadable && encounter.End.Start < _now))
                {
                    continue;
                }

                counted.Add(encounter);
                reasons |= encounter.ReasonCodes;
                var all = encounter.ReasonCodes | encounter.ReferencedReasons;
                if (all.HasFlag(ConditionSets.Migraine) && encounter.Class.HasFlag(AnswerSets.MigraineEncounterClass))
                {
                    attack ??= encounter;
                    var isInpatient = encounter.Class.HasFlag(AnswerSets.InpatientClass);
                    inpatient ??= isInpatient ? encounter : null;
                    auraStatus ??= isInpatient && all.HasFlag(ConditionSets.MigraineAuraStatus) ? encounter : null;
                }
            }

            _features.Encounters = counted;
            _features.EncounterReasons = reasons;
            _features.AcuteAttack = attack;
            _features.InpatientAttack = inpatient;
            _features.AuraStatus = auraStatus;
        }

        private void AddMedicines()
        {
            var (current, drafts) = (new List<MedicineFact>(), new List<MedicineFact>());
            var (sets, unresolved) = (MedicineSets.None, 0);
            foreach (var medicine in record.Medicines)
            {
                if (medicine.Malformed)
                {
                    Name(medicine, SetAsideReason.Malformed);
                }
                else if (medicine.Kind == MedicineKind.Draft)
                {
                    drafts.Add(medicine);
                }
                else if (medicine.Kind == MedicineKind.Administration && !medicine.Start.IsReadable && !medicine.End.IsReadable)
                {
                    Name(medicine, SetAsideReason.Date);
                }
                else if (IsCurrent(medicine))
                {
                    current.Add(medicine);
                    sets |= medicine.Codes.Sets;
                    unresolved += medicine.Codes.Unresolved ? 1 : 0;
                }
            }

            _features.Medicines = current;
            _features.MedicineSets = sets;
            _features.UnresolvedMedicines = unresolved;
            _features.Drafts = drafts.Count == 0 ? [] : drafts;
            foreach (var draft in drafts)
            {
                _features.DraftSets |= draft.Codes.Sets;
            }
        }

        private bool IsCurrent(MedicineFact medicine) => medicine.Kind switch
        {
            MedicineKind.Request => true,
            MedicineKind.Statement => !(medicine.End.IsReadable && medicine.End.Start < _now),
            _ => !(medicine.Start.IsReadable && medicine.Start.Start > _now) && AdministeredUntil(medicine) >= _now - knowledge.Thresholds.AdministrationWindow.Ticks,
        };

        private long AdministeredUntil(MedicineFact medicine) =>
            medicine.End.IsReadable ? medicine.End.Start : medicine.InProgress ? _now : medicine.Start.Start;

        private void AddAllergies()
        {
            var counted = new List<AllergyFact>();
            foreach (var allergy in record.Allergies)
            {
                if (allergy.Malformed)
                {
                    Name(allergy, SetAsideReason.Malformed);
                }
                else
                {
                    counted.Add(allergy);
                }
            }

            _features.Allergies = counted;
            _features.MagnesiumAllergy = counted.Exists(allergy => allergy.Magnesium);
            _features.PreventiveAllergy = counted.Exists(allergy => allergy.Preventive);
            _features.UnidentifiedAllergy = counted.Exists(allergy => !allergy.Identified);
        }

        private void AddManifestations()
        {
            if (record.Manifestations.Count == 0)
            {
                return;
            }

            var candidates = new List<ManifestationsFact>();
            foreach (var answer in record.Manifestations)
            {
                var reason = answer.Malformed ? SetAsideReason.Malformed
                    : !answer.StatusCounts ? SetAsideReason.Status
                    : !answer.Authored.IsReadable ? SetAsideReason.Date
                    : IsFuture(answer.Authored) ? SetAsideReason.Future
                    : SetAsideReason.None;
                if (reason != SetAsideReason.None)
                {
                    Name(answer, reason);
                }
                else if (answer.Authored.Start >= LookBackStart)
                {
                    candidates.Add(answer);
                }
            }

            foreach (var newest in candidates.Count == 0 ? [] : Recency.NewestFirst(candidates))
            {
                var count = Count(newest.Yes, _features.HasMigraine);
                if (System.Numerics.BitOperations.PopCount(newest.Answered) == knowledge.Manifestations.Count || count >= knowledge.Thresholds.PositiveCount)
                {
                    _features.Manifestations = newest;
                    _features.ManifestationCount = count;
                    return;
                }

                Name(newest, SetAsideReason.Value);
            }
        }

        // With migraine, headache would count the migraine itself.
        private int Count(uint yes, bool hasMigraine)
        {
            for (var i = 0; hasMigraine && i < knowledge.Manifestations.Count; i++)
            {
                yes &= knowledge.Manifestations[i].LinkId == Manifestation.Headache ? ~(1u << i) : ~0u;
            }

            return System.Numerics.BitOperations.PopCount(yes);
        }
    }
}
