using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>A resource that an answer rests on.</summary>
/// <param name="Resource">Its name.</param>
/// <param name="VersionId">Its version on its server; null when not stated.</param>
/// <param name="Words">What it says: value and unit, code and display; null when it has no words.</param>
/// <param name="When">Its time as written; null when it has none.</param>
/// <param name="Preliminary">Whether it is a preliminary result (IN-1).</param>
public sealed record Evidence(string Resource, string? VersionId, string? Words, string? When, bool Preliminary)
{
    /// <summary>What a rule that fired, was proposed or classified rests on, each resource once.</summary>
    public static IReadOnlyList<Evidence> Of(Assessment assessment, Rule rule)
    {
        // A set of names costs more than looking at the few that there commonly are.
        const int Few = 8;
        var found = new List<Evidence>();
        HashSet<string>? names = null;
        foreach (var fact in Facts(assessment, rule))
        {
            if (names?.Add(fact.Name) ?? !IsAmong(found, fact.Name))
            {
                found.Add(From(fact, assessment.Knowledge));
                names ??= found.Count < Few ? null : found.Select(one => one.Resource).ToHashSet(StringComparer.Ordinal);
            }
        }

        return found;
    }

    /// <summary>Everything that the assessment rests on, also what let a rule pass, each resource once, sorted by name.</summary>
    public static IReadOnlyList<Evidence> Of(Assessment assessment)
    {
        var counted = Counted(assessment.Features);
        counted.Sort(static (left, right) => string.CompareOrdinal(left.Fact.Name, right.Fact.Name) is var order and not 0 ? order : left.Number.CompareTo(right.Number));
        var evidence = new List<Evidence>(counted.Count);
        foreach (var (fact, _) in counted)
        {
            if (evidence.Count == 0 || evidence[^1].Resource != fact.Name)
            {
                evidence.Add(From(fact, assessment.Knowledge));
            }
        }

        return evidence;
    }

    // Numbered, since of facts of one resource the first counts.
    private static List<(Fact Fact, int Number)> Counted(CaseFeatures features)
    {
        var counted = new List<(Fact, int)>();
        Add(features.Serum ?? features.StaleSerum);
        Add(features.Manifestations);
        Add(features.Tetany);
        Add(features.Erythrocyte);
        Add(features.Leukocyte);
        Add(features.Ionized);
        Add(features.Egfr);
        Add(features.PregnancyAnswer);
        AddAll(features.HeadacheBurden, static _ => true);
        AddAll(features.Conditions, static _ => true);
        AddAll(features.Encounters, static encounter => (encounter.ReasonCodes | encounter.ReferencedReasons) != ConditionSets.None);
        AddAll(features.Medicines, static medicine => medicine.Codes.Sets != MedicineSets.None);
        AddAll(features.Allergies, static allergy => allergy.Magnesium || allergy.Preventive);
        return counted;

        void Add(Fact? fact)
        {
            if (fact is not null)
            {
                counted.Add((fact, counted.Count));
            }
        }

        void AddAll<T>(IReadOnlyList<T> facts, Func<T, bool> counts)
            where T : Fact
        {
            for (var i = 0; i < facts.Count; i++)
            {
                if (counts(facts[i]))
                {
                    Add(facts[i]);
                }
            }
        }
    }

    internal static Evidence From(Fact fact, Knowledge knowledge) => fact switch
    {
        ObservationFact observation => new(fact.Name, fact.VersionId, Say(observation), observation.TimeText, observation.Preliminary),
        ConditionFact condition => new(fact.Name, fact.VersionId, condition.Label, null, false),
        MedicineFact medicine => new(fact.Name, fact.VersionId, medicine.Label, null, false),
        AllergyFact allergy => new(fact.Name, fact.VersionId, allergy.Label, null, false),
        ManifestationsFact answers => new(fact.Name, fact.VersionId,
            $"{System.Numerics.BitOperations.PopCount(answers.Yes)}/{knowledge.Manifestations.Count}", answers.AuthoredText, false),
        _ => new(fact.Name, fact.VersionId, null, null, false),
    };

    /// <summary>A measured value as text: <c>0.61 mmol/L</c>, <c>&lt;0.5 mmol/L</c>, <c>0.5–0.6 mmol/L</c>.</summary>
    internal static string? Say(ObservationFact observation)
    {
        var unit = observation.Row switch
        {
            LaboratoryRow.Egfr => $" {observation.Unit?.Code}",
            LaboratoryRow.HeadacheBurden => "",
            _ => " mmol/L",
        };
        return observation.Value == default ? null : $"{Say(observation.Value)}{unit}";
    }

    internal static string Say(in Interval value) => (value.Low, value.High) switch
    {
        ({ } low, { } high) when low == high => Number.Short(low),
        ({ } low, { } high) => $"{Number.Short(low)}–{Number.Short(high)}",
        ({ } low, null) => $"{(value.LowExcluded ? ">" : "≥")}{Number.Short(low)}",
        (null, { } high) => $"{(value.HighExcluded ? "<" : "≤")}{Number.Short(high)}",
        _ => "–",
    };

    private static IEnumerable<Fact> Facts(Assessment assessment, Rule rule)
    {
        var features = assessment.Features;
        return rule switch
        {
            Rule.Stat2 or Rule.Stat3 or Rule.Safe3 or Rule.Safe8 or Rule.Lab1 or Rule.Def0 or Rule.Def5 => Serum(features),
            Rule.Def1 => Serum(features).Concat(Conditions(features,
                ConditionSets.MagnesiumDeficiency | ConditionSets.Hypomagnesaemia | ConditionSets.MagnesiumMetabolismDisorder)),
            Rule.Def2 or Rule.Def4 => Serum(features).Concat(Migraine(features)).Concat(Indicators(features)),
            Rule.Def3 => Serum(features).Concat(Conditions(features, ConditionSets.MagnesiumMetabolismDisorder)).Concat(Indicators(features)),
            Rule.RiskG1 => Conditions(features, ConditionSets.Pregnancy | ConditionSets.Breastfeeding).Concat(One(features.PregnancyAnswer)),
            Rule.Cause1 => Medicines(features, MedicineSets.MagnesiumLowering),
            Rule.Load1 => features.HeadacheBurden,
            Rule.Risk1 => Serum(features).Concat(Migraine(features)),
            Rule.Risk2 or Rule.Risk3 or Rule.Rx1 or Rule.Rx3 => Migraine(features).Concat(Facts(assessment, assessment.DeficiencyRule)),
            Rule.Rx2 => Migraine(features).Concat(Facts(assessment, assessment.DeficiencyRule)).Concat(Conditions(features, ConditionSets.AnxietyDepressionStress)),
            Rule.Rx4 => Medicines(features, MedicineSets.Valproate),
            Rule.Rx5 => Migraine(features).Concat(Facts(assessment, assessment.DeficiencyRule)).Concat(Facts(assessment, Rule.RiskG1))
                .Concat(features.Allergies.Where(allergy => allergy.Preventive)),
            Rule.Rx6 => Migraine(features).Concat(One(features.AcuteAttack)),
            Rule.Rx7 => Migraine(features).Concat(One(features.AuraStatus ?? features.InpatientAttack)),
            Rule.Rx8 => Serum(features).Concat(Medicines(features, MedicineSets.MagnesiumOral)),
            Rule.Diet1 => Facts(assessment, assessment.DeficiencyRule),
            Rule.Lab2 => Serum(features).Concat(One(features.Manifestations)),
            Rule.Lab3 or Rule.Ask1 => Serum(features).Concat(Migraine(features)),
            Rule.Lab4 => One(features.Egfr),
            Rule.Safe1 => Conditions(features, ConditionSets.SevereRenalImpairment).Concat(One(features.Egfr)),
            Rule.Safe2 => One(features.Egfr),
            Rule.Safe4 => Conditions(features, ConditionSets.MyastheniaGravis),
            Rule.Safe5 => Conditions(features, ConditionSets.AvBlock),
            Rule.Safe6 => features.Allergies.Where(allergy => allergy.Magnesium),
            Rule.Safe7 => SafetyMedicines(features, MedicineSets.AbsorptionPartners),
            Rule.Safe9 => Pregnancy(features).Concat(SafetyMedicines(features, MedicineSets.Valproate)),
            Rule.Safe10 => Pregnancy(features),
            Rule.Safe11 => One(features.AcuteAttack),
            _ => [],
        };
    }

    private static bool IsAmong(List<Evidence> found, string name)
    {
        foreach (var one in found)
        {
            if (one.Resource == name)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Fact> One(Fact? fact) => fact is null ? [] : [fact];

    private static IEnumerable<Fact> Serum(CaseFeatures features) => One(features.Serum ?? features.StaleSerum);

    private static IEnumerable<Fact> Conditions(CaseFeatures features, ConditionSets sets) => features.Conditions.Where(condition => (condition.Sets & sets) != 0);

    private static IEnumerable<Fact> Medicines(CaseFeatures features, MedicineSets sets) => features.Medicines.Where(medicine => (medicine.Codes.Sets & sets) != 0);

    private static IEnumerable<Fact> SafetyMedicines(CaseFeatures features, MedicineSets sets) =>
        features.SafetyMedicines.Where(medicine => (medicine.Codes.Sets & sets) != 0);

    private static IEnumerable<Fact> Migraine(CaseFeatures features) => Conditions(features, ConditionSets.Migraine)
        .Concat(features.Encounters.Where(encounter => encounter.ReasonCodes.HasFlag(ConditionSets.Migraine)));

    private static IEnumerable<Fact> Indicators(CaseFeatures features) =>
        One(features.Manifestations).Concat(One(features.Tetany)).Concat(One(features.Erythrocyte)).Concat(One(features.Leukocyte)).Concat(One(features.Ionized));

    private static IEnumerable<Fact> Pregnancy(CaseFeatures features) =>
        Conditions(features, ConditionSets.Pregnancy).Concat(features.PregnancyAnswer is { Positive: true } answer ? [answer] : []);
}
