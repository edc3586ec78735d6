using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>The words of cards of one knowledge in one language, those that are said as they stand written as JSON once. Threads may share it.</summary>
internal sealed class CardWords
{
    private const int LongestSummary = 139;
    private const int DayLength = 10;
    private static readonly ConditionalWeakTable<Knowledge, CardWords> InEnglish = [], InRussian = [];

    // What Markdown may take for more than itself, and what has no place in a text.
    private const string Marks = "\\`*_[]<>#|!()&";
    private static readonly SearchValues<char> NotPlain = SearchValues.Create([.. Marks, .. Enumerable.Range(0, byte.MaxValue).Select(code => (char)code).Where(char.IsControl)]);

    private readonly ConcurrentDictionary<string, CompositeFormat> _sentences = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _parts = new(StringComparer.Ordinal);
    private readonly RuleParts[] _rules;
    private readonly NumberFormatInfo _numbers;

    private CardWords(Knowledge knowledge, Language language)
    {
        (Knowledge, Language) = (knowledge, language);
        _rules = [.. knowledge.Rules.Select(PartsOf)];
        _numbers = new() { NumberDecimalSeparator = this["decimal-separator"] };
    }

    public Language Language { get; }

    public Knowledge Knowledge { get; }

    /// <exception cref="KnowledgeException">The knowledge has no such wording.</exception>
    public string this[string code] => Knowledge.Wording.TryGetValue(code, out var text)
        ? text[Language]
        : throw new KnowledgeException($"CodeSystem-wording.json: CodeSystem.concept: the code '{code}' is missing");

    /// <summary>The words of a knowledge in a language.</summary>
    public static CardWords Of(Knowledge knowledge, Language language) => language == Language.Russian
        ? InRussian.GetValue(knowledge, static knowledge => new(knowledge, Language.Russian))
        : InEnglish.GetValue(knowledge, static knowledge => new(knowledge, Language.English));

    public string Say(string code, params ReadOnlySpan<object?> arguments) => string.Format(
        CultureInfo.InvariantCulture, _sentences.GetOrAdd(code, static (code, words) => CompositeFormat.Parse(words[code]), this), arguments);

    /// <summary>A wording as it stands inside a JSON string.</summary>
    public byte[] Part(string code) => _parts.GetOrAdd(code, static (code, words) => JsonText.PartOf(words[code]), this);

    /// <summary>What a rule says, as it stands inside a JSON string.</summary>
    public RuleParts Parts(Rule rule) => _rules[(int)rule];

    public string Of(Text text) => text[Language];

    public string Title(Rule rule) => Knowledge[rule].Title[Language];

    /// <summary>A text that fits a summary: shorter than 140 characters, cut between words.</summary>
    public static string Summary(string text)
    {
        if (text.Length <= LongestSummary)
        {
            return text;
        }

        var end = text.LastIndexOf(' ', LongestSummary - 2);
        return $"{text[..(end < LongestSummary / 2 ? LongestSummary - 1 : end)].TrimEnd(',', ';', ':', ' ')}…";
    }

    /// <summary>A serum value with its unit, e.g. <c>0.61 mmol/L</c>.</summary>
    public string Value(in Interval result)
    {
        var (low, high) = (result.Low, result.High);
        var value = low == high ? Number(low!.Value)
            : low is null ? $"{(result.HighExcluded ? "<" : "≤")}{Number(high!.Value)}"
            : high is null ? $"{(result.LowExcluded ? ">" : "≥")}{Number(low.Value)}"
            : $"{Number(low.Value)}–{Number(high.Value)}";
        return Say("card-serum", value);
    }

    /// <summary>A number with at most four decimals, as the language writes it.</summary>
    public string Number(decimal value) => value.ToString("0.####", _numbers);

    /// <summary>The day of a time as it was written, as the language writes days; a year or month alone as it stands.</summary>
    public string Day(string written) => written.Length >= DayLength && DateOnly.TryParseExact(written.AsSpan(0, DayLength), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day.ToString(this["date-format"], CultureInfo.InvariantCulture)
        : written;

    /// <summary>Words of somebody else's data, which are no Markdown of ours.</summary>
    public static string Plain(string text)
    {
        if (!text.AsSpan().ContainsAny(NotPlain))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Marks.Contains(c, StringComparison.Ordinal))
            {
                plain.Append('\\');
            }

            plain.Append(char.IsControl(c) ? ' ' : c);
        }

        return plain.ToString();
    }

    private RuleParts PartsOf(RuleKnowledge rule) => new(
        JsonText.PartOf($"- **{rule.Title[Language]}.** "), PartOf(rule.Message), PartOf(rule.Note ?? rule.Message), PartOf(rule.NotChecked));

    private byte[]? PartOf(Text? text) => text is null ? null : JsonText.PartOf(text[Language]);
}
