using System.Buffers;
using System.Globalization;
using System.Text;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>The words of cards in one language, from the knowledge.</summary>
internal sealed class CardWords(Knowledge knowledge, Language language)
{
    private const int LongestSummary = 139;
    private const int DayLength = 10;

    // What Markdown may take for more than itself.
    private static readonly SearchValues<char> Marks = SearchValues.Create("\\`*_[]<>#|!()&");

    public Language Language => language;

    public Knowledge Knowledge => knowledge;

    /// <exception cref="KnowledgeException">The knowledge has no such wording.</exception>
    public string this[string code] => knowledge.Wording.TryGetValue(code, out var text)
        ? text[language]
        : throw new KnowledgeException($"CodeSystem-wording.json: CodeSystem.concept: the code '{code}' is missing");

    public string Say(string code, params ReadOnlySpan<object?> arguments) => string.Format(CultureInfo.InvariantCulture, this[code], arguments);

    public string Of(Text text) => text[language];

    public string Title(Rule rule) => knowledge[rule].Title[language];

    public string? Message(Rule rule) => knowledge[rule].Message?[language];

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
    public string Value(SerumResult result)
    {
        var (low, high) = (result.MmolPerL.Low, result.MmolPerL.High);
        var value = low == high ? Number(low!.Value)
            : low is null ? $"{(result.MmolPerL.HighExcluded ? "<" : "≤")}{Number(high!.Value)}"
            : high is null ? $"{(result.MmolPerL.LowExcluded ? ">" : "≥")}{Number(low.Value)}"
            : $"{Number(low.Value)}–{Number(high.Value)}";
        return Say("card-serum", value);
    }

    /// <summary>A number with at most four decimals, as the language writes it.</summary>
    public string Number(decimal value) =>
        value.ToString("0.####", CultureInfo.InvariantCulture).Replace(".", this["decimal-separator"], StringComparison.Ordinal);

    /// <summary>The day of a time as it was written, as the language writes days; a year or month alone as it stands.</summary>
    public string Day(string written) => written.Length >= DayLength && DateOnly.TryParseExact(written.AsSpan(0, DayLength), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day.ToString(this["date-format"], CultureInfo.InvariantCulture)
        : written;

    /// <summary>Words of somebody else's data, which are no Markdown of ours.</summary>
    public static string Plain(string text)
    {
        if (!text.AsSpan().ContainsAny(Marks) && !text.Any(char.IsControl))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Marks.Contains(c))
            {
                plain.Append('\\');
            }

            plain.Append(char.IsControl(c) ? ' ' : c);
        }

        return plain.ToString();
    }
}
