using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>What a criterion looks at: the case, and what earlier criteria have made of it.</summary>
internal readonly ref struct Situation(CaseFeatures features, Knowledge knowledge, SerumStatuses touched, Deficiency deficiency, RuleSet candidates, RuleSet standing)
{
    public CaseFeatures Case => features;

    public Knowledge Knowledge => knowledge;

    public Thresholds Thresholds => knowledge.Thresholds;

    /// <summary>The statuses that the current serum result touches.</summary>
    public SerumStatuses Touched => touched;

    public Deficiency Deficiency => deficiency;

    /// <summary>What would be proposed if no safety rule stood against it.</summary>
    public RuleSet Candidates => candidates;

    /// <summary>What is proposed.</summary>
    public RuleSet Standing => standing;

    public bool IsDeficient => deficiency is Deficiency.Confirmed or Deficiency.LatentSuspected;

    public bool IsAdult => features.Age.IsAtLeast(knowledge.Thresholds.AdultAge);

    public bool IsChild => features.Age.IsUnder(knowledge.Thresholds.AdultAge);

    public bool OnMagnesium => features.MedicineSets.HasFlag(MedicineSets.MagnesiumOral);

    /// <summary>Whether the patient is on oral magnesium, or would be by a draft order.</summary>
    public bool OnMagnesiumOrDrafted => features.SafetySets.HasFlag(MedicineSets.MagnesiumOral);

    public bool HasManyManifestations => features.Manifestations is not null && features.ManifestationCount >= knowledge.Thresholds.PositiveCount;

    /// <summary>Whether every touched status is one of these, and there is at least one (IN-3).</summary>
    public bool SerumIs(SerumStatuses statuses) => touched != SerumStatuses.None && (touched & ~statuses) == 0;
}
