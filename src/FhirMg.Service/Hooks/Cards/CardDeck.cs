using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using FhirMg.Service.Hooks.Discovery;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>Which cards are shown: the most urgent, and few.</summary>
internal static class CardDeck
{
    private const int Most = 5;
    private const DataKinds Findings = DataKinds.Observations | DataKinds.Conditions;

    /// <summary>The cards for a call.</summary>
    /// <param name="service">The service called.</param>
    /// <param name="assessment">The assessment.</param>
    /// <param name="merge">Into whose record the patient's was merged; null when it was not.</param>
    /// <param name="selections">References of the drafts just chosen; empty for all.</param>
    /// <param name="language">The language of the texts.</param>
    /// <param name="isSilenced">Whether a person has overridden such a card, and it is not yet time to say it again.</param>
    /// <param name="isSlight">Whether what could not be read is too little to be told by a card of its own.</param>
    public static IReadOnlyList<Card> For(
        HookService service, Assessment assessment, Merge? merge, IReadOnlyList<string> selections, Language language, Func<Card, bool> isSilenced, bool isSlight = false)
    {
        if (merge is null)
        {
            return Of(service, assessment, Most, selections, language, isSilenced, isSlight);
        }

        // Of a merged patient whose survivor was not evaluated nothing is said but that, and whether the draft orders are safe as far as is known.
        var cards = merge.IsEvaluated || service.IsAboutOrders ? Of(service, assessment, Most - 1, selections, language, isSilenced, isSlight) : [];
        var merged = Merged(service, assessment, merge, language);

        // Whom the rest is about comes before it, though not before what is urgent.
        cards.Insert(cards.TakeWhile(card => card.Indicator < merged.Indicator).Count(), merged);
        return cards;
    }

    private static List<Card> Of(
        HookService service, Assessment assessment, int most, IReadOnlyList<string> selections, Language language, Func<Card, bool> isSilenced, bool isSlight)
    {
        // Nothing is proposed for the dead, and nobody is to be told of it.
        if (assessment.Features.Deceased)
        {
            return [];
        }

        var words = CardWords.Of(assessment.Knowledge, language);
        var cards = service.IsAboutOrders ? new OrderCards(assessment, DraftOrders.Of(assessment, IsSelected), words).Cards()
            : service == HookService.EncounterStart ? new AssessmentCards(assessment, words).EncounterStart()
            : new AssessmentCards(assessment, words).PatientView();
        var shown = new List<Card>(Most);
        foreach (var card in cards)
        {
            if (card.Silence is null || !isSilenced(card))
            {
                shown.Insert(Behind(shown, card.Indicator), card);
            }
        }

        shown.RemoveRange(Math.Min(shown.Count, most), Math.Max(shown.Count - most, 0));

        // Without results or conditions there may be something to say that is not known of; all else bears only on what is said.
        var isToBeTold = (assessment.Features.NotRead & Findings) != DataKinds.None || (assessment.Features.NotRead != DataKinds.None && shown.Count > 0 && !isSlight);
        return isToBeTold ? [.. shown.Take(most - 1), Incomplete(assessment, words)] : shown;

        bool IsSelected(string name) => selections.Count == 0 || selections.Any(selection => selection == name || selection.EndsWith($"/{name}", StringComparison.Ordinal));
    }

    // Cards as urgent keep their order.
    private static int Behind(List<Card> shown, Indicator indicator)
    {
        var at = shown.Count;
        while (at > 0 && shown[at - 1].Indicator > indicator)
        {
            at--;
        }

        return at;
    }

    private static Card Merged(HookService service, Assessment assessment, Merge merge, Language language)
    {
        var detail = (service.IsAboutOrders, merge.IsEvaluated) switch
        {
            (true, true) => "card-merged-orders",
            (true, false) => "card-merged-orders-not-followed",
            (false, true) => "card-merged-evaluated",
            (false, false) => "card-merged-not-evaluated",
        };
        var words = CardWords.Of(assessment.Knowledge, language);
        var said = new List<string> { words.Say(detail, merge.Survivor) };
        if (merge.IsEvaluated && assessment.Features.JoinedFrom is { Count: > 0 } joined)
        {
            said.Add(words.Say("joined-from", string.Join(", ", joined), merge.Survivor));
        }

        if (merge.Left.Count > 0)
        {
            said.Add(words.Say("card-merged-left", string.Join(", ", merge.Left)));
        }

        return new(null, Indicator.Info, "incomplete", CardWords.Summary(words.Say("card-merged", merge.Survivor)), JsonText.Of(CardWords.Plain(string.Join(' ', said)))) { Part = "merged" };
    }

    private static Card Incomplete(Assessment assessment, CardWords words) => new(null, Indicator.Info, "incomplete",
        CardWords.Summary(words.Say("card-not-read", DetailText.Kinds(words, assessment.Features.NotRead))),
        new DetailText(assessment, words).Wording("card-not-read-detail").NotChecked(assessment.NotChecked).End());
}
