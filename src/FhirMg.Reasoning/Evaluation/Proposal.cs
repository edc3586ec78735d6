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
    public static IEnumerable<Proposal> Of(Assessment assessment)
    {
        foreach (var rule in assessment.Proposed)
        {
            if (assessment.IsNote(rule))
            {
                yield return new(rule, Note, []);
                continue;
            }

            var activities = assessment.Knowledge[rule].Activities.Select(id => assessment.Knowledge.Activities[id]).ToList();
            if (rule != Rule.Rx3)
            {
                yield return new(rule, activities[0].Kind, activities);
                continue;
            }

            // Citrate leads RX-1, so it is an alternative only where RX-2 took its place.
            var leads = assessment.Knowledge[Rule.Rx1].Activities;
            foreach (var activity in activities.Where(activity => assessment.Candidates.Contains(Rule.Rx2) || !leads.Contains(activity.Id)))
            {
                yield return new(rule, activity.Kind, [activity]);
            }
        }
    }
}
