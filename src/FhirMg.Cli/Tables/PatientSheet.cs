using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Tables;

/// <summary>The sheet of one patient as it is being written: what is assessed, in which words, and what was cited so far.</summary>
internal sealed class PatientSheet(Sheet sheet, Assessment assessment, Words words, ISet<string> cited)
{
    private readonly SortedDictionary<string, Evidence> _evidence = new(StringComparer.Ordinal);

    public Sheet Sheet => sheet;

    public Assessment Assessment => assessment;

    public Words Words => words;

    /// <summary>The resources named so far.</summary>
    public IEnumerable<Evidence> NamedEvidence => _evidence.Values;

    public RuleKnowledge Knowledge(Rule rule) => assessment.Knowledge[rule];

    public string Title(Rule rule) => words.Of(Knowledge(rule).Title);

    public string Message(Rule rule) => Knowledge(rule).Message is { } message ? words.Of(message) : Title(rule);

    public string Note(Rule rule) => Knowledge(rule).Note is { } note ? words.Of(note) : Message(rule);

    /// <summary>What a rule, and the medicines that it proposes, rest on: the resources, then the sources.</summary>
    public Line Basis(Rule rule, IEnumerable<string> medicineSources) => Basis([rule], [.. medicineSources]);

    /// <summary>What rules rest on: the resources, then the sources.</summary>
    public Line Basis(params ReadOnlySpan<Rule> rules) => Basis(rules, []);

    private Line Basis(ReadOnlySpan<Rule> rules, List<string> sources)
    {
        var resources = new List<string>();
        foreach (var rule in rules)
        {
            foreach (var evidence in Evidence.Of(assessment, rule))
            {
                _evidence[evidence.Resource] = evidence;
                resources.Add(evidence.Resource);
            }

            sources.AddRange(Knowledge(rule).Citations);
        }

        cited.UnionWith(sources);
        var parts = new[] { resources, sources }.Where(part => part.Count > 0).Select(part => string.Join(", ", part.Distinct()));
        return new($"\u2190 {string.Join(" \u00B7 ", parts)}", Tone.Faint);
    }
}
