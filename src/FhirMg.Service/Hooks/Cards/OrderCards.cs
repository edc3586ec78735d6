using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>The cards about a clinician's draft orders.</summary>
internal sealed class OrderCards(Assessment assessment, DraftOrders orders, CardWords words)
{
    private static readonly RuleSet Warned = RuleSet.Of(Rule.Safe1, Rule.Safe2, Rule.Safe3, Rule.Safe4, Rule.Safe5, Rule.Safe6, Rule.Safe10, Rule.Safe12);

    public IEnumerable<Card> Cards()
    {
        foreach (var rule in orders.Safety)
        {
            if (rule == Rule.Safe9)
            {
                yield return new(rule, Indicator.Warning, "safety", CardWords.Summary(words.Title(rule)), Drafts().Message(rule).End());
            }
            else if (rule == Rule.Safe7)
            {
                yield return new(rule, Indicator.Warning, "safety", CardWords.Summary(words.Say("card-draft-partner", words.Title(rule))),
                    Drafts().Safety(RuleSet.Of(rule), RuleSet.None).End());
            }
            else if (Warned.Contains(rule))
            {
                var detail = Drafts().Message(rule);
                yield return new(rule, Indicator.Warning, "safety", CardWords.Summary(words.Say("card-draft", words.Title(rule))),
                    (rule == Rule.Safe3 ? detail.Serum(SerumWords.Of(assessment, words)) : detail).End());
            }
        }

        if (orders.HasMagnesium && !orders.NotChecked.IsEmpty)
        {
            var titles = new List<string>();
            foreach (var rule in orders.NotChecked)
            {
                titles.Add(words.Title(rule));
            }

            yield return new(orders.NotChecked.First, Indicator.Info, "safety",
                CardWords.Summary(words.Say("card-draft-unchecked", string.Join(", ", titles))), Drafts().Safety(RuleSet.None, orders.NotChecked).End());
        }
    }

    private DetailText Drafts()
    {
        var detail = new DetailText(assessment, words);
        foreach (var draft in orders.Drafts)
        {
            detail.Paragraph(words.Say("card-draft-line", CardWords.Plain(draft.Words ?? draft.Resource)));
        }

        return detail;
    }
}
