using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FhirMg.Reasoning.Knowing.Loading;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Knowing;

/// <summary>All the clinical knowledge, as the artifacts in <c>profiles/</c> state it. Immutable.</summary>
public sealed record Knowledge
{
    private const string ResourcePrefix = "profiles/";
    private static readonly Lazy<Knowledge> Included = new(() => Load(IncludedFiles()));

    internal Knowledge(Terminology terminology) => Terminology = terminology;

    /// <summary>The knowledge that comes with this build.</summary>
    public static Knowledge BuiltIn => Included.Value;

    /// <summary>Canonical base of all artifacts, without a slash at the end.</summary>
    public required string CanonicalBase { get; init; }

    /// <summary>Canonical url of the PlanDefinition.</summary>
    public required string Url { get; init; }

    /// <summary>Version of the knowledge.</summary>
    public required string Version { get; init; }

    /// <summary>The PlanDefinition's canonical with its version, as every output names it.</summary>
    public string Canonical => $"{Url}|{Version}";

    /// <summary>What the knowledge is about.</summary>
    public required Text Title { get; init; }

    /// <summary>Every rule, in order.</summary>
    public required IReadOnlyList<RuleKnowledge> Rules { get; init; }

    /// <summary>The sources, by label.</summary>
    public required IReadOnlyDictionary<string, Citation> Citations { get; init; }

    /// <summary>What rules propose, by id of the ActivityDefinition.</summary>
    public required IReadOnlyDictionary<string, Activity> Activities { get; init; }

    /// <summary>The times, ages and counts that rules turn on.</summary>
    public required Thresholds Thresholds { get; init; }

    /// <summary>Words for the codes of our own code system: statuses, classes, outcomes, medications, reasons.</summary>
    public required IReadOnlyDictionary<string, Text> Terms { get; init; }

    /// <summary>Words that outputs are made of: headings, labels, sentences.</summary>
    public required IReadOnlyDictionary<string, Text> Wording { get; init; }

    /// <summary>Words and codes of the results of a population's screening.</summary>
    public required IReadOnlyDictionary<string, Text> ScreeningWording { get; init; }

    /// <summary>Why a person does not follow what is suggested: words for the codes of <c>CodeSystem/override-reason</c>, in its order.</summary>
    public required IReadOnlyDictionary<string, Text> OverrideReasons { get; init; }

    /// <summary>What a card is about: words for the codes of <c>CodeSystem/card-topic</c>.</summary>
    public required IReadOnlyDictionary<string, Text> CardTopics { get; init; }

    /// <summary>Titles of the value sets, by name.</summary>
    public required IReadOnlyDictionary<string, Text> ValueSetTitles { get; init; }

    /// <summary>The scale of serum magnesium.</summary>
    public required SerumScale Serum { get; init; }

    /// <summary>The data that rules ask for.</summary>
    public required IReadOnlyList<DataRequirement> Requirements { get; init; }

    /// <summary>Canonical url of the manifestations questionnaire, without version.</summary>
    public required string QuestionnaireUrl
    {
        get;
        init => (field, QuestionnaireUrlUtf8) = (value, Encoding.UTF8.GetBytes(value));
    }

    /// <summary>The same in UTF-8, as answers name it.</summary>
    internal byte[] QuestionnaireUrlUtf8 { get; private init; } = [];

    /// <summary>What the manifestations questionnaire is for, and what its answers are worth.</summary>
    public required Text ManifestationsAbout { get; init; }

    /// <summary>The questions of the manifestations questionnaire.</summary>
    public required IReadOnlyList<Manifestation> Manifestations { get; init; }

    /// <summary>Every artifact as it was read, for publishing and review.</summary>
    public required IReadOnlyList<JsonElement> Artifacts { get; init; }

    /// <summary>Recommendations that this site has switched off; never a safety rule.</summary>
    public RuleSet Disabled { get; private init; }

    /// <summary>Ionized magnesium that speaks for deficiency, in mmol/L (DEF-2 d).</summary>
    public required Interval IonizedLow { get; init; }

    /// <summary>Glomerular filtration rate that forbids magnesium, in mL/min/1.73 m² (SAFE-1).</summary>
    public required Interval EgfrSevere { get; init; }

    /// <summary>Glomerular filtration rate that needs monitoring, in mL/min/1.73 m² (SAFE-2).</summary>
    public required Interval EgfrReduced { get; init; }

    /// <summary>Glomerular filtration rates that can be, in mL/min/1.73 m² (IN-4).</summary>
    public required Interval EgfrPlausible { get; init; }

    internal Terminology Terminology { get; init; }

    /// <summary>What the plan says of a rule.</summary>
    public RuleKnowledge this[Rule rule] => Rules[(int)rule];

    /// <summary>The codes of a value set as listed, a hospital's own included; none for a value set that no rule asks for.</summary>
    public IReadOnlyList<CodeOf> CodesOf(string valueSet) => Terminology.Listed.GetValueOrDefault(valueSet, []);

    /// <summary>Whether it is this very knowledge: what was made from it is looked up by it, and to compare all of it would take long.</summary>
    public bool Equals(Knowledge? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Loads knowledge from artifacts.</summary>
    /// <exception cref="KnowledgeException">Something is missing or contradicts itself; the message names file and element.</exception>
    public static Knowledge Load(IEnumerable<KnowledgeFile> files) => KnowledgeLoader.Load(files);

    /// <summary>The artifacts that come with this build.</summary>
    public static IEnumerable<KnowledgeFile> IncludedFiles()
    {
        var assembly = typeof(Knowledge).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return new(name[ResourcePrefix.Length..], content);
        }
    }

    /// <summary>The same knowledge with recommendations switched off.</summary>
    /// <exception cref="KnowledgeException">A rule that is no recommendation, such as a safety rule, cannot be switched off.</exception>
    public Knowledge Without(RuleSet rules)
    {
        var switchable = RuleSet.Range(Rule.Rx1, Rule.Load1);
        return rules.Except(switchable) is { IsEmpty: false } fixedRules
            ? throw new KnowledgeException($"{fixedRules} cannot be switched off: only recommendations ({Rule.Rx1.Id()} … {Rule.Load1.Id()}) can")
            : this with { Disabled = Disabled.Union(rules) };
    }

    /// <summary>The same knowledge with a hospital's own code added to a value set.</summary>
    /// <exception cref="KnowledgeException">No rule asks for a value set of that name.</exception>
    public Knowledge WithCode(string valueSet, string system, string code) => Terminology.Find(valueSet) is null
        ? throw new KnowledgeException($"no rule asks for a value set '{valueSet}'; there are: {string.Join(' ', Terminology.Names.Order(StringComparer.Ordinal))}")
        : this with { Terminology = Terminology.With(valueSet, system, code) };

    /// <summary>The same knowledge with another time that a current result may be old (IN-5); what is asked of servers follows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public Knowledge WithLookBack(TimeSpan lookBack)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lookBack, TimeSpan.Zero);
        return this with
        {
            Thresholds = Thresholds with { LookBack = lookBack },
            Requirements = [.. Requirements.Select(requirement => requirement.LookBack == Thresholds.LookBack ? requirement with { LookBack = lookBack } : requirement)],
        };
    }
}
