using System.Buffers;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>Builds the Markdown of a card, paragraph by paragraph, as the JSON string that the answer holds, and remembers which rules speak in it.</summary>
internal sealed class DetailText
{
    private const int MostNames = 5;
    private const int CommonLength = 8192;

    // A card's text is begun and ended on one thread: the next takes the buffer.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;
    private readonly ArrayBufferWriter<byte> _text;
    private readonly Assessment _assessment;
    private readonly CardWords _words;
    private RuleSet _rules;

    public DetailText(Assessment assessment, CardWords words)
    {
        (_assessment, _words) = (assessment, words);
        _text = _spare ?? new(CommonLength);
        _spare = null;
        Append("\""u8);
    }

    public DetailText Paragraph(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Begin();
            JsonText.WritePart(_text, text);
        }

        return this;
    }

    /// <summary>A wording as it stands.</summary>
    public DetailText Wording(string code) => Paragraph(_words.Part(code));

    /// <summary>What a rule tells the clinician.</summary>
    public DetailText Message(Rule rule)
    {
        _rules = _rules.With(rule);
        return Paragraph(_words.Parts(rule).Message);
    }

    /// <summary>What a rule tells the clinician as a note, or at its lesser level.</summary>
    public DetailText Note(Rule rule)
    {
        _rules = _rules.With(rule);
        return Paragraph(_words.Parts(rule).Note);
    }

    /// <summary>What rules tell the clinician, as a list under a wording; nothing without any.</summary>
    public DetailText Messages(string heading, RuleSet rules) => List(heading, rules, static rule => rule.Message);

    /// <summary>The rules that could not be evaluated, as a list; nothing without any.</summary>
    public DetailText NotChecked(RuleSet rules) => List("not-checked", rules, static rule => rule.NotChecked);

    /// <summary>The serum result that the assessment goes by; nothing without any.</summary>
    public DetailText Serum(SerumWords? serum)
    {
        if (serum is null)
        {
            return this;
        }

        Paragraph(serum.Line);
        return serum.IsPreliminary ? Message(Rule.In1) : this;
    }

    /// <summary>The safety rules that are read beside, and what could not be checked.</summary>
    public DetailText Safety(RuleSet warnings, RuleSet notChecked) => Messages("safety", warnings).Doses(warnings).NotChecked(notChecked);

    /// <summary>What could not be used or read, what is switched off, and by which rules the card speaks.</summary>
    public byte[] End()
    {
        if (_assessment.Features.SetAside.Count > 0
            && _assessment.Features.SetAside.Where(item => item.Reason >= Reasoning.Reading.SetAsideReason.Date).ToList() is { Count: > 0 } setAside)
        {
            var names = setAside.Take(MostNames).Select(item => $"{CardWords.Plain(item.Resource)} ({_words.Of(_words.Knowledge.Terms[$"set-aside-{item.Reason.Word()}"])})");
            Paragraph(_words.Say("card-set-aside", string.Join(", ", names) + (setAside.Count > MostNames ? " …" : "")));
        }

        if (_assessment.Features.NotRead != DataKinds.None)
        {
            Paragraph($"{_words["not-read"]}: {Kinds(_words, _assessment.Features.NotRead)}.");
        }

        if (!_assessment.Knowledge.Disabled.IsEmpty)
        {
            Paragraph(_words.Say("card-disabled", string.Join(", ", _assessment.Knowledge.Disabled.Ids())));
        }

        Paragraph(_words.Say("card-rules", string.Join(", ", _rules.Ids()), _assessment.Knowledge.Version));
        Append("\""u8);
        var text = _text.WrittenSpan.ToArray();
        _text.ResetWrittenCount();
        _spare = _text;
        return text;
    }

    public static string Kinds(CardWords words, DataKinds kinds) => string.Join(", ", Words.Each(kinds).Select(kind => words[$"not-read-{kind}"]));

    private DetailText Paragraph(byte[]? part)
    {
        if (part is { Length: > 0 })
        {
            Begin();
            Append(part);
        }

        return this;
    }

    private DetailText List(string heading, RuleSet rules, Func<RuleParts, byte[]?> text)
    {
        var isBegun = false;
        foreach (var rule in rules)
        {
            var parts = _words.Parts(rule);
            if (text(parts) is not { } line)
            {
                continue;
            }

            if (isBegun)
            {
                Append("\\n"u8);
            }
            else
            {
                Begin();
                Append("**"u8);
                Append(_words.Part(heading));
                Append("**\\n\\n"u8);
            }

            Append(parts.Heading);
            Append(line);
            _rules = _rules.With(rule);
            isBegun = true;
        }

        return this;
    }

    // Behind the quotation mark stands the first.
    private void Begin() => Append(_text.WrittenCount == 1 ? default : "\\n\\n"u8);

    private void Append(ReadOnlySpan<byte> json)
    {
        json.CopyTo(_text.GetSpan(json.Length));
        _text.Advance(json.Length);
    }

    // Which medicine, and how far apart: the class alone would leave the clinician searching.
    private DetailText Doses(RuleSet warnings)
    {
        if (!warnings.Contains(Rule.Safe7))
        {
            return this;
        }

        var doses = CaseView.DosesToSeparate(_assessment);
        for (var i = 0; i < doses.Count; i++)
        {
            if (i == 0)
            {
                Begin();
            }

            Append(i == 0 ? "- "u8 : "\\n- "u8);
            JsonText.WritePart(_text, _words.Say("separate-doses", _words.Of(doses[i].Class), CardWords.Plain(doses[i].Evidence.Words ?? doses[i].Evidence.Resource),
                _words.Number(doses[i].LowHours), _words.Number(doses[i].HighHours)));
        }

        return this;
    }
}
