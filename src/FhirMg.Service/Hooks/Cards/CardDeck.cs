using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Hooks.Discovery;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>Which cards are shown: the most urgent, and few.</summary>
internal static class CardDeck
{
    private const int Most = 5;

    /// <summary>The cards for a call.</summary>
    /// <param name="service">The service called.</param>
    /// <param name="assessment">The assessment.</param>
    /// <param name="selections">References of the drafts just chosen; empty for all.</param>
    /// <param name="language">The language of the texts.</param>
    /// <param name="isSilenced">Whether a person has overridden such a card, and it is not yet time to say it again.</param>
    public static IReadOnlyList<Card> For(
        HookService service, Assessment assessment, IReadOnlyList<string> selections, Language language, Func<Card, bool> isSilenced)
    {
        // Nothing is proposed for the dead, and nobody is to be told of it.
        if (assessment.Features.Deceased)
        {
            return [];
        }

        var words = new CardWords(assessment.Knowledge, language);
        var cards = service.IsAboutOrders ? new OrderCards(assessment, DraftOrders.Of(assessment, IsSelected), words).Cards()
            : service == HookService.EncounterStart ? new AssessmentCards(assessment, words).EncounterStart()
            : new AssessmentCards(assessment, words).PatientView();
        var incomplete = assessment.Features.NotRead == DataKinds.None ? null : Incomplete(assessment, words);
        var shown = cards.Where(card => card.Silence is null || !isSilenced(card))
            .OrderBy(card => card.Indicator).Take(incomplete is null ? Most : Most - 1).ToList();
        return incomplete is null ? shown : [.. shown, incomplete];

        bool IsSelected(string name) => selections.Count == 0 || selections.Any(selection => selection == name || selection.EndsWith($"/{name}", StringComparison.Ordinal));
    }

    private static Card Incomplete(Assessment assessment, CardWords words) => new(null, Indicator.Info, "incomplete",
        CardWords.Summary(words.Say("card-not-read", DetailText.Kinds(words, assessment.Features.NotRead))),
        new DetailText(assessment, words).Paragraph(words["card-not-read-detail"])
            .List(words["not-checked"], assessment.NotChecked, rule => words.Knowledge[rule].NotChecked?[words.Language]).End());
}
