using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>One thing proposed.</summary>
/// <param name="Rule">The rule that proposes it.</param>
/// <param name="Resource">The type of resource that it becomes, or <c>note</c>.</param>
/// <param name="Activities">The activities that define it; none for a note. Only LAB-2 has two.</param>
public sealed record Proposal(Rule Rule, string Resource, IReadOnlyList<Activity> Activities)
{
    /// <summary>What stands in <see cref="Resource"/> when the proposal is a note beside another.</summary>
    public const string Note = "note";

    /// <summary>The medication's code in our code system; null for anything but a medicine.</summary>
    public string? Medication => Activities.Count > 0 ? Activities[0].Medication : null;

    /// <summary>Whether a dose is stated; false for anything but a medicine.</summary>
    public bool IsDosed => Activities.Count > 0 && Activities[0].IsDosed;

    /// <summary>What an assessment proposes, in order; RX-3 stands once per alternative.</summary>
    public static IReadOnlyList<Proposal> Of(Assessment assessment)
    {
        var known = ProposalTable.Of(assessment.Knowledge);
        var proposals = new List<Proposal>(assessment.Proposed.Count + known.Alternatives.Count);
        foreach (var rule in assessment.Proposed)
        {
            if (assessment.IsNote(rule))
            {
                proposals.Add(ProposalTable.NoteOf(rule));
            }
            else if (rule == Rule.Rx3)
            {
                // Citrate leads RX-1, so it is an alternative only where RX-2 took its place.
                proposals.AddRange(assessment.Candidates.Contains(Rule.Rx2) ? known.Alternatives : known.AlternativesToLead);
            }
            else
            {
                proposals.Add(known.Of(rule));
            }
        }

        return proposals;
    }
}
