using System.Text;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>Builds the Markdown of a card, paragraph by paragraph, and remembers which rules speak in it.</summary>
internal sealed class DetailText(Assessment assessment, CardWords words)
{
    private const int MostNames = 5;
    private const int CommonLength = 4096;

    // A card's text is begun and ended on one thread: the next takes the builder.
    [ThreadStatic]
    private static StringBuilder? _spare;
    private readonly StringBuilder _text = Take();
    private RuleSet _rules;

    public DetailText Paragraph(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Begin().Append(text);
        }

        return this;
    }

    /// <summary>What a rule tells the clinician.</summary>
    public DetailText Message(Rule rule)
    {
        _rules = _rules.With(rule);
        return Paragraph(words.Message(rule));
    }

    /// <summary>What a rule tells the clinician as a note, or at its lesser level.</summary>
    public DetailText Note(Rule rule)
    {
        _rules = _rules.With(rule);
        return Paragraph((words.Knowledge[rule].Note ?? words.Knowledge[rule].Message)?[words.Language]);
    }

    /// <summary>Rules as a list under a heading; nothing without any.</summary>
    public DetailText List(string heading, RuleSet rules, Func<Rule, string?> text)
    {
        var isBegun = false;
        foreach (var rule in rules)
        {
            if (text(rule) is { } line)
            {
                _ = isBegun ? _text.Append('\n') : Begin().Append("**").Append(heading).Append("**\n\n");
                _text.Append("- **").Append(words.Title(rule)).Append(".** ").Append(line);
                _rules = _rules.With(rule);
                isBegun = true;
            }
        }

        return this;
    }

    /// <summary>The serum result that the assessment goes by; nothing without any.</summary>
    public DetailText Serum(SerumResult? result)
    {
        if (result is not { } serum)
        {
            return this;
        }

        var value = $"{words.Value(serum)} ({CardWords.Plain(words.Day(serum.When ?? ""))})";
        Paragraph(assessment.Serum == SerumStatus.Stale
            ? words.Say("card-stale-line", value, Status())
            : words.Say("card-serum-line", value, Status()));
        return serum.Preliminary ? Message(Rule.In1) : this;
    }

    /// <summary>The safety rules that are read beside, and what could not be checked.</summary>
    public DetailText Safety(RuleSet warnings, RuleSet notChecked) => List(words["safety"], warnings, words.Message)
        .Doses(warnings)
        .List(words["not-checked"], notChecked, rule => words.Knowledge[rule].NotChecked?[words.Language]);

    /// <summary>What could not be used or read, what is switched off, and by which rules the card speaks.</summary>
    public string End()
    {
        if (assessment.Features.SetAside.Count > 0
            && assessment.Features.SetAside.Where(item => item.Reason >= Reasoning.Reading.SetAsideReason.Date).ToList() is { Count: > 0 } setAside)
        {
            var names = setAside.Take(MostNames).Select(item => $"{CardWords.Plain(item.Resource)} ({words.Of(words.Knowledge.Terms[$"set-aside-{item.Reason.Word()}"])})");
            Paragraph(words.Say("card-set-aside", string.Join(", ", names) + (setAside.Count > MostNames ? " …" : "")));
        }

        if (assessment.Features.NotRead != DataKinds.None)
        {
            Paragraph($"{words["not-read"]}: {Kinds(words, assessment.Features.NotRead)}.");
        }

        if (!assessment.Knowledge.Disabled.IsEmpty)
        {
            Paragraph(words.Say("card-disabled", string.Join(", ", assessment.Knowledge.Disabled.Ids())));
        }

        var text = Paragraph(words.Say("card-rules", string.Join(", ", _rules.Ids()), assessment.Knowledge.Version)).ToString();
        _spare = _text.Clear();
        return text;
    }

    public static string Kinds(CardWords words, DataKinds kinds) => string.Join(", ", Words.Each(kinds).Select(kind => words[$"not-read-{kind}"]));

    public override string ToString() => _text.ToString();

    private static StringBuilder Take()
    {
        var text = _spare ?? new(CommonLength);
        _spare = null;
        return text;
    }

    private StringBuilder Begin() => _text.Append(_text.Length == 0 ? "" : "\n\n");

    // Which medicine, and how far apart: the class alone would leave the clinician searching.
    private DetailText Doses(RuleSet warnings) => !warnings.Contains(Rule.Safe7) ? this : Paragraph(string.Join('\n', CaseView.DosesToSeparate(assessment)
        .Select(dose => $"- {words.Say("separate-doses", words.Of(dose.Class), CardWords.Plain(dose.Evidence.Words ?? dose.Evidence.Resource), words.Number(dose.LowHours), words.Number(dose.HighHours))}")));

    private string Status() => assessment.Serum == SerumStatus.Indeterminate
        ? words.Say("between", string.Join(words["or"], assessment.Touched.Each().Select(status => words.Of(words.Knowledge.Terms[status]))))
        : words.Of(words.Knowledge.Terms[assessment.Serum.Word()]);
}
