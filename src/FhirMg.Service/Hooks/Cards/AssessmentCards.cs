using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>The cards of an assessment, each where there is something to say.</summary>
internal sealed class AssessmentCards(Assessment assessment, CardWords words)
{
    private static readonly RuleSet Attack = RuleSet.Of(Rule.Rx6, Rule.Rx7);
    private static readonly RuleSet Oral = RuleSet.Of(Rule.Rx1, Rule.Rx2, Rule.Rx3, Rule.Rx5);
    private static readonly RuleSet Blocking = RuleSet.Of(Rule.Safe1, Rule.Safe3, Rule.Safe4, Rule.Safe5, Rule.Safe6, Rule.Safe12);
    private static readonly RuleSet FollowUp = RuleSet.Of(Rule.Lab1, Rule.Lab2, Rule.Lab3, Rule.Lab4, Rule.Ask1, Rule.Diet1);

    // By themselves these are what the therapy's card says already, or too little to interrupt for.
    private static readonly RuleSet Asking = RuleSet.Of(Rule.Lab1, Rule.Lab2, Rule.Ask1, Rule.Lab4);

    private readonly IReadOnlyList<Proposal> _proposals = Proposal.Of(assessment);

    private TimeSpan Silence => words.Knowledge.Thresholds.RejectSilence;

    private readonly bool _isOnMagnesium = assessment.Features.OnAnyMagnesium;

    private readonly SerumWords? _serum = SerumWords.Of(assessment, words);

    /// <summary>The assessment (patient-view).</summary>
    public IReadOnlyList<Card> PatientView()
    {
        var withheld = Withheld(assessment.Candidates);
        var isWithheld = withheld is not null;
        return Present(Urgent(), Pregnancy(), withheld, Excess(isWithheld), Apart(), AcuteAttack(), Therapy(isWithheld), FollowUpCard());
    }

    /// <summary>An acute attack, and what speaks against treating it (encounter-start).</summary>
    public IReadOnlyList<Card> EncounterStart() => Present(Urgent(), Pregnancy(), Withheld(assessment.Candidates.Intersect(Attack)), AcuteAttack());

    private static List<Card> Present(params ReadOnlySpan<Card?> cards)
    {
        var present = new List<Card>(cards.Length);
        foreach (var card in cards)
        {
            if (card is not null)
            {
                present.Add(card);
            }
        }

        return present;
    }

    private Card? Urgent() => !assessment.Safety.Contains(Rule.Safe8) ? null
        : new(Rule.Safe8, Indicator.Critical, "urgent", Finding(Rule.Safe8), Detail().Message(Rule.Safe8).Serum(_serum).End());

    private Card? Pregnancy() => !assessment.Safety.Contains(Rule.Safe9) ? null
        : new(Rule.Safe9, Indicator.Warning, "safety", words.Title(Rule.Safe9), Detail().Message(Rule.Safe9).End());

    // What would be proposed and is not: silence would look as if nothing had been thought of.
    private Card? Withheld(RuleSet candidates)
    {
        var blocking = RuleSet.None;
        var withheld = RuleSet.None;
        foreach (var rule in assessment.Safety.Intersect(Blocking))
        {
            var blocked = assessment.BlockedBy(rule).Intersect(candidates).Except(RuleSet.Of(Rule.Diet1));
            blocking = blocking.With(rule, !blocked.IsEmpty);
            withheld = withheld.Union(blocked);
        }

        // Magnesium that the kidneys do not clear, or beside an excess, is to be said also where the patient takes it already.
        blocking = _isOnMagnesium ? blocking.Union(assessment.Safety.Intersect(RuleSet.Of(Rule.Safe1, Rule.Safe3))) : blocking;
        if (blocking.IsEmpty)
        {
            return null;
        }

        var lead = blocking.First;
        var titles = Titles(blocking);
        return new(lead, Indicator.Warning, "safety", CardWords.Summary(withheld.IsEmpty ? titles : words.Say("card-withheld", titles)),
            Detail().Messages("safety", blocking).Serum(_serum).Paragraph(withheld.IsEmpty ? null : words.Say("blocks", Titles(withheld))).End())
        {
            Silence = _isOnMagnesium ? null : Silence,
        };
    }

    // An excess without anything withheld because of it: nobody else may have seen it.
    private Card? Excess(bool isWithheld) => !assessment.Safety.Contains(Rule.Safe3) || isWithheld ? null
        : new(Rule.Safe3, Indicator.Warning, "safety", Finding(Rule.Safe3), Detail().Message(Rule.Safe3).Serum(_serum).End());

    // While oral magnesium is proposed, the doses to keep apart stand in its card.
    private Card? Apart() => !assessment.Safety.Contains(Rule.Safe7) || assessment.Proposed.Overlaps(Oral) ? null
        : new(Rule.Safe7, Indicator.Info, "safety",
            CardWords.Summary(words.Say("card-finding", words.Title(Rule.Safe7), string.Join(", ", CaseView.DosesToSeparate(assessment).Select(dose => words.Of(dose.Class)).Distinct()))),
            Detail().Safety(RuleSet.Of(Rule.Safe7), RuleSet.None).End())
        {
            Silence = Silence,
        };

    private Card? AcuteAttack()
    {
        if (Offered(Attack) is not [var proposal, ..])
        {
            return null;
        }

        var detail = MessageWithNotes(Detail(), proposal.Rule);
        return new(proposal.Rule, Indicator.Info, "attack", CardWords.Summary(words.Say("card-attack", words.Of(proposal.Activities[0].Title))),
            detail.Safety(assessment.WarningsBeside(proposal.Rule), NotCheckedFor(Attack)).Wording("card-proposal").End())
        {
            // What is decided in one attack says nothing about the next.
            Silence = words.Knowledge.Thresholds.AdministrationWindow,
            IsChoice = true,
            Suggestions = [new(proposal, proposal.Activities[0], IsRecommended: true)],
        };
    }

    private Card? Therapy(bool isWithheld)
    {
        var choices = Offered(Oral);
        var review = Review();
        var lead = choices.Count > 0 ? choices[0] : review;
        if (lead is null)
        {
            return Status(isWithheld);
        }

        var detail = Detail().Serum(_serum).Message(assessment.DeficiencyRule);
        Risks(detail);
        foreach (var rule in RulesOf(choices).With(Rule.Rx8, review is not null))
        {
            MessageWithNotes(detail, rule);
        }

        return new(lead.Rule, Indicator.Info, "therapy",
            CardWords.Summary(_serum is not { } serum || assessment.Serum == SerumStatus.Stale
                ? words.Say("card-therapy", words.Title(assessment.DeficiencyRule), words.Of(lead.Activities[0].Title))
                : words.Say("card-therapy-serum", words.Title(assessment.DeficiencyRule), serum.Value, words.Of(lead.Activities[0].Title))),
            Context(detail).Safety(choices.Count == 0 ? RuleSet.None : assessment.WarningsBeside(lead.Rule), NotCheckedFor(Oral)).Wording("card-proposal").End())
        {
            Silence = Silence,
            IsChoice = true,
            Suggestions = choices.Count == 0 ? [new(lead, lead.Activities[0], IsRecommended: true)] : Suggest(choices, lead),
        };
    }

    // A low serum is news by itself; what is only coded, or already treated, is not.
    private Card? Status(bool isWithheld)
    {
        if (_serum is not { } serum || !IsLow || assessment.Safety.Contains(Rule.Safe8) || _isOnMagnesium || isWithheld)
        {
            return null;
        }

        var detail = Detail().Serum(_serum).Message(assessment.DeficiencyRule);
        Risks(detail);
        return new(assessment.DeficiencyRule, Indicator.Info, "therapy",
            CardWords.Summary(words.Say("card-deficiency-serum", words.Title(assessment.DeficiencyRule), serum.Value)),
            Context(detail).Safety(RuleSet.None, NotCheckedFor(Oral)).End())
        {
            Silence = Silence,
        };
    }

    private Card? FollowUpCard()
    {
        var proposals = Offered(FollowUp);
        var rules = RulesOf(proposals);
        var isTherapyShown = assessment.Proposed.Overlaps(Oral) || assessment.Proposed.Overlaps(Attack);
        if (proposals.Count == 0 || !(isTherapyShown || rules.Overlaps(Asking)))
        {
            return null;
        }

        var detail = Detail();
        if (!isTherapyShown)
        {
            detail.Serum(_serum).Message(assessment.DeficiencyRule);
        }

        foreach (var proposal in proposals)
        {
            detail.Message(proposal.Rule);
        }

        return new(proposals[0].Rule, Indicator.Info, "follow-up",
            CardWords.Summary(words.Say(assessment.Features.HasMigraine ? "card-follow-up" : "card-follow-up-no-migraine", Titles(rules))),
            detail.Wording("card-proposal").End())
        {
            Silence = Silence,
            Suggestions = Suggest(proposals, recommended: null),
        };
    }

    private bool IsLow => assessment.Touched != SerumStatuses.None && (assessment.Touched & ~SerumStatuses.Low) == 0;

    private DetailText Detail() => new(assessment, words);

    private List<Proposal> Offered(RuleSet rules)
    {
        var offered = new List<Proposal>(_proposals.Count);
        for (var i = 0; i < _proposals.Count; i++)
        {
            if (rules.Contains(_proposals[i].Rule) && _proposals[i].Activities.Count > 0)
            {
                offered.Add(_proposals[i]);
            }
        }

        return offered;
    }

    private Proposal? Review()
    {
        for (var i = 0; i < _proposals.Count; i++)
        {
            if (_proposals[i].Rule == Rule.Rx8)
            {
                return _proposals[i];
            }
        }

        return null;
    }

    private static RuleSet RulesOf(List<Proposal> proposals)
    {
        var rules = RuleSet.None;
        foreach (var proposal in proposals)
        {
            rules = rules.With(proposal.Rule);
        }

        return rules;
    }

    // Every activity; without one that is recommended, all are.
    private static Suggestion[] Suggest(List<Proposal> proposals, Proposal? recommended)
    {
        var suggestions = new List<Suggestion>(proposals.Count + 1);
        foreach (var proposal in proposals)
        {
            for (var i = 0; i < proposal.Activities.Count; i++)
            {
                suggestions.Add(new(proposal, proposal.Activities[i], recommended is null || proposal == recommended));
            }
        }

        return [.. suggestions];
    }

    private DetailText MessageWithNotes(DetailText detail, Rule rule)
    {
        detail.Message(rule);
        foreach (var note in assessment.NotesBeside(rule))
        {
            detail.Note(note);
        }

        return detail;
    }

    private void Risks(DetailText detail)
    {
        foreach (var risk in Risk.Of(assessment))
        {
            if (risk.Rule == Rule.Risk3)
            {
                continue;
            }

            if (risk.Rule == Rule.Risk2 && risk.Level == RiskLevel.Moderate)
            {
                detail.Note(risk.Rule);
            }
            else
            {
                detail.Message(risk.Rule);
            }
        }
    }

    private DetailText Context(DetailText detail)
    {
        foreach (var rule in assessment.Context.Except(RuleSet.Of(Rule.Load1, Rule.In9)))
        {
            detail.Message(rule);
        }

        return detail;
    }

    // What bears on a magnesium medicine; RX-8 and SAFE-7 only where it is taken by mouth.
    private RuleSet NotCheckedFor(RuleSet proposals) => proposals == Attack
        ? assessment.NotChecked.Except(RuleSet.Of(Rule.Rx8, Rule.Safe7, Rule.Safe12, Rule.Safe9))
        : assessment.NotChecked;

    private string Finding(Rule rule) => CardWords.Summary(_serum is { } serum
        ? words.Say("card-finding", words.Title(rule), serum.Value)
        : words.Title(rule));

    private string Titles(RuleSet rules)
    {
        var titles = new string[rules.Count];
        var i = 0;
        foreach (var rule in rules)
        {
            titles[i++] = words.Title(rule);
        }

        return string.Join(", ", titles);
    }
}
