using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Service.App;

/// <summary>One rule as the page explains it: what it says here, on what data, by which sources.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Text">What the clinician reads; empty for rules that speak only through their result.</param>
/// <param name="Evidence">The resources that it rests on here.</param>
internal sealed record RuleView(RuleKnowledge Rule, string Text, IReadOnlyList<Evidence> Evidence)
{
    private static readonly Rule[] Serum = [Reasoning.Knowing.Rule.Range1, Reasoning.Knowing.Rule.Range2, Reasoning.Knowing.Rule.Sev1, Reasoning.Knowing.Rule.Stat1];

    /// <summary>Its id.</summary>
    public string Id => Rule.Rule.Id();

    /// <summary>A rule of an assessment, with its message.</summary>
    public static RuleView Of(Assessment assessment, Rule rule, PhraseBook words, bool asNote = false)
    {
        var knowledge = assessment.Knowledge[rule];
        var text = (asNote ? knowledge.Note ?? knowledge.Message : knowledge.Message) ?? knowledge.Description;
        return new(knowledge, words.Of(text), Reasoning.Evaluation.Evidence.Of(assessment, rule));
    }

    /// <summary>Why the conclusion is what it is: the class, the risks, what frames the case.</summary>
    public static IReadOnlyList<RuleView> Why(Assessment assessment, PhraseBook words)
    {
        var rules = new List<RuleView> { Of(assessment, assessment.DeficiencyRule, words) };
        rules.AddRange(Risk.Of(assessment).Select(risk => (risk.Rule, IsNote: IsNote(risk))).Distinct().Select(risk => Of(assessment, risk.Rule, words, risk.IsNote)));
        foreach (var rule in assessment.Context)
        {
            if (rule != assessment.DeficiencyRule)
            {
                rules.Add(Of(assessment, rule, words));
            }
        }

        return rules;
    }

    /// <summary>How a serum value gets its status.</summary>
    public static IEnumerable<RuleView> Scale(Assessment assessment, PhraseBook words) =>
        Serum.Select(rule => new RuleView(assessment.Knowledge[rule], words.Of(assessment.Knowledge[rule].Description), []));

    /// <summary>Notes that are read beside a proposal.</summary>
    public static IEnumerable<RuleView> NotesBeside(Assessment assessment, Rule rule, PhraseBook words)
    {
        Rule[] notes = rule switch
        {
            Reasoning.Knowing.Rule.Rx1 or Reasoning.Knowing.Rule.Rx2 => [Reasoning.Knowing.Rule.Rx4, Reasoning.Knowing.Rule.Rx5],
            Reasoning.Knowing.Rule.Rx6 => [Reasoning.Knowing.Rule.Rx7],
            _ => [],
        };
        return notes.Where(note => assessment.Proposed.Contains(note) && assessment.IsNote(note)).Select(note => Of(assessment, note, words, asNote: true));
    }

    // A level that a rule gives less surely, or does not give, has words of its own.
    private static bool IsNote(Risk risk) => risk is { Rule: Reasoning.Knowing.Rule.Risk2, Level: RiskLevel.Moderate } or { Rule: Reasoning.Knowing.Rule.Risk3, Level: RiskLevel.Unlevelled };
}
