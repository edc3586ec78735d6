using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Knowing.Loading;

/// <summary>Reads the PlanDefinition: every rule with its texts, sources and parameters.</summary>
internal sealed class PlanLoader(string canonicalBase, Node plan)
{
    private readonly Dictionary<Rule, Node> _rules = [];

    public Dictionary<string, Citation> Citations { get; } = new(StringComparer.Ordinal);

    public RuleKnowledge[] Load()
    {
        foreach (var source in plan.Each("relatedArtifact"))
        {
            var label = source["label"].String;
            Citations[label] = new(label, source.Text("citation"));
        }

        foreach (var action in plan.Each("action").SelectMany(section => section.Each("action")))
        {
            if (!RuleIds.TryParse(action["prefix"].String, out var rule))
            {
                throw action["prefix"].Refuse($"'{action["prefix"].String}' is no rule");
            }

            if (!_rules.TryAdd(rule, action))
            {
                throw action["prefix"].Refuse($"the rule {rule.Id()} stands twice");
            }
        }

        return [.. Enum.GetValues<Rule>().Select(rule => Read(rule, Action(rule)))];
    }

    public Thresholds Thresholds()
    {
        TimeSpan Time(Rule rule, string name) => Parameter(rule, name) is var quantity && (quantity["code"].String, (double)quantity["value"].Decimal) is var (unit, value)
            ? unit switch
            {
                "d" => TimeSpan.FromDays(value),
                "h" => TimeSpan.FromHours(value),
                "min" => TimeSpan.FromMinutes(value),
                _ => throw quantity["code"].Refuse("a time is counted in d, h or min"),
            }
            : default;
        AgeLimit Age(Rule rule, string name) => ScaleLoader.Limit(Parameter(rule, name));
        int Count(Rule rule, string name) => (int)Parameter(rule, name)["value"].Decimal;
        return new(
            Time(Rule.In5, "look-back"), Time(Rule.In5, "future-tolerance"), Time(Rule.In5, "future-tolerance-partial"),
            Time(Rule.In8, "administration-window"), Age(Rule.In6, "adult-age"), Age(Rule.RiskG1, "young-age"),
            Time(Rule.RiskG1, "pregnancy-window"), Parameter(Rule.Stat3, "month")["value"].Decimal,
            Count(Rule.Sym1, "positive-count"), Count(Rule.Rx8, "therapy-time"), Time(Rule.Rx8, "reject-silence"), Time(Rule.Ask1, "asked-within"), Age(Rule.Safe12, "minimum-age"));
    }

    private RuleKnowledge Read(Rule rule, Node action)
    {
        var citations = action.Each("documentation").Select(source => source["label"]).ToList();
        if (citations.Count == 0)
        {
            throw action.Refuse($"{rule.Id()} cites no source");
        }

        foreach (var label in citations.Where(label => !Citations.ContainsKey(label.String)))
        {
            throw label.Refuse($"the source '{label.String}' is not among the plan's relatedArtifact");
        }

        return new(
            rule, action.Text("title"), action.Text("description"), action.OptionalText("textEquivalent"),
            Extension(action, "note-text"), Extension(action, "not-checked-text"), ReadSeverity(rule, action),
            [.. citations.Select(label => label.String)],
            [.. action.Extensions($"{canonicalBase}/StructureDefinition/odds-ratio").Select(ReadOddsRatio)],
            [.. Activities(action)],
            action.Each("condition").Select(condition => condition["expression"]["expression"].String).FirstOrDefault());
    }

    private OddsRatio ReadOddsRatio(Node extension)
    {
        var study = extension.Part("study")["valueString"];
        return Citations.ContainsKey(study.String)
            ? new(extension.Part("value")["valueDecimal"].Decimal, extension.Part("comparison").Text("valueString"), study.String, extension.Part("groups").Text("valueString"))
            : throw study.Refuse($"the source '{study.String}' is not among the plan's relatedArtifact");
    }

    private static IEnumerable<string> Activities(Node action) => new[] { action }.Concat(action.Each("action"))
        .Where(part => part.Has("definitionCanonical"))
        .Select(part => part["definitionCanonical"].String.Split('|')[0].Split('/')[^1]);

    private Severity? ReadSeverity(Rule rule, Node action)
    {
        foreach (var extension in action.Extensions($"{canonicalBase}/StructureDefinition/severity"))
        {
            return extension["valueCode"].String switch
            {
                "high" => Severity.High,
                "moderate" => Severity.Moderate,
                "low" => Severity.Low,
                _ => throw extension["valueCode"].Refuse("a severity is high, moderate or low"),
            };
        }

        return rule >= Rule.Safe1 ? throw action.Refuse($"{rule.Id()} has no severity") : null;
    }

    private Text? Extension(Node action, string name) =>
        action.Extensions($"{canonicalBase}/StructureDefinition/{name}").Select(extension => extension.Text("valueString")).FirstOrDefault();

    private Node Parameter(Rule rule, string name)
    {
        var action = Action(rule);
        foreach (var parameter in action.Extensions($"{canonicalBase}/StructureDefinition/parameter"))
        {
            if (parameter.Part("name")["valueCode"].String == name)
            {
                return parameter.Part("value")["valueQuantity"];
            }
        }

        throw action.Refuse($"{rule.Id()} lacks the parameter '{name}'");
    }

    private Node Action(Rule rule) => _rules.TryGetValue(rule, out var action) ? action : throw plan.Refuse($"the rule {rule.Id()} is missing");
}
