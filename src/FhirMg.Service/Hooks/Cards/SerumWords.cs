using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>The serum result that an assessment goes by, in words: several cards say the same of it.</summary>
internal sealed class SerumWords
{
    private readonly Assessment _assessment;
    private readonly ObservationFact _result;
    private readonly CardWords _words;

    private SerumWords(Assessment assessment, ObservationFact result, CardWords words) => (_assessment, _result, _words) = (assessment, result, words);

    /// <summary>Whether it may still change (IN-1).</summary>
    public bool IsPreliminary => _result.Preliminary;

    /// <summary>The value with its unit.</summary>
    public string Value => field ??= _words.Value(_result.Value);

    /// <summary>Value, day and status, as a line of a card.</summary>
    public string Line => field ??= _words.Say(
        _assessment.Serum == SerumStatus.Stale ? "card-stale-line" : "card-serum-line",
        $"{Value} ({CardWords.Plain(_words.Day(_result.TimeText ?? ""))})", Status());

    /// <summary>The current result, else the newest stale one; null when there is none.</summary>
    public static SerumWords? Of(Assessment assessment, CardWords words) =>
        (assessment.Features.Serum ?? assessment.Features.StaleSerum) is { } result ? new(assessment, result, words) : null;

    private string Status() => _assessment.Serum == SerumStatus.Indeterminate
        ? _words.Say("between", string.Join(_words["or"], _assessment.Touched.Each().Select(status => _words.Of(_words.Knowledge.Terms[status]))))
        : _words.Of(_words.Knowledge.Terms[_assessment.Serum.Word()]);
}
