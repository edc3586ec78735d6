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
    public static IReadOnlyList<Evidence> Of(Assessment assessment, Rule rule) => new Grounds(assessment, known: null).Of(rule);

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
}
