using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>One card, in one language.</summary>
/// <param name="Rule">The rule that it speaks for; null for the card that says what could not be read.</param>
/// <param name="Indicator">How urgent it is.</param>
/// <param name="Topic">What it is about, as a code of <c>CodeSystem/card-topic</c>.</param>
/// <param name="Summary">One line.</param>
/// <param name="Detail">The rest, in Markdown, as a JSON string.</param>
internal sealed record Card(Rule? Rule, Indicator Indicator, string Topic, string Summary, byte[] Detail)
{
    /// <summary>What a person may accept; none for a card that only informs.</summary>
    public Suggestion[] Suggestions { get; init; } = [];

    /// <summary>Whether at most one of the suggestions may be taken.</summary>
    public bool IsChoice { get; init; }

    /// <summary>How long a person who has overridden it is spared from it; null for what is to be said however often it was overridden.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Tells a card without a rule from others of the same answer; null for all others.</summary>
    public string? Part { get; init; }

    /// <summary>The rule's id, or what stands for it where there is none; feedback is counted by it.</summary>
    public string RuleId => Rule?.Id() ?? CardId.Incomplete;
}

/// <summary>Something that a person may accept.</summary>
/// <param name="Proposal">What is proposed.</param>
/// <param name="Activity">The activity that it becomes.</param>
/// <param name="IsRecommended">Whether it is the one to prefer.</param>
internal readonly record struct Suggestion(Proposal Proposal, Activity Activity, bool IsRecommended);
