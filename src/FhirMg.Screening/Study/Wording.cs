using System.Globalization;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening.Study;

/// <summary>The words of results for people, in one language, from the knowledge.</summary>
internal sealed class Wording
{
    /// <summary>The unit that serum values are reckoned in.</summary>
    public const string Unit = "mmol/L";

    private const string LimitPrefix = "limit-";

    private readonly Knowledge _knowledge;
    private readonly NumberFormatInfo _numbers;

    public Wording(Knowledge knowledge, Language language)
    {
        (_knowledge, Language) = (knowledge, language);
        _numbers = new() { NumberDecimalSeparator = this["decimal-separator"], NegativeSign = "\u2212", NumberGroupSeparator = "\u202f" };
    }

    public Language Language { get; }

    /// <summary>The language's tag, for <c>lang</c>.</summary>
    public string Tag => Language == Language.Russian ? "ru" : "en";

    /// <summary>A heading, label or sentence of results, else of other outputs, else the term of one of our codes.</summary>
    /// <exception cref="KnowledgeException">The knowledge has no such wording.</exception>
    public string this[string code] => (_knowledge.ScreeningWording.GetValueOrDefault(code) ?? _knowledge.Wording.GetValueOrDefault(code) ?? _knowledge.Terms.GetValueOrDefault(code))?[Language]
        ?? throw new KnowledgeException($"CodeSystem-screening.json: CodeSystem.concept: the code '{code}' is missing");

    /// <summary>A sentence with its places filled.</summary>
    public string Say(string code, params ReadOnlySpan<object?> arguments) => string.Format(CultureInfo.InvariantCulture, this[code], arguments);

    /// <summary>What such data cannot show, most important first.</summary>
    public IEnumerable<string> Limits() =>
        _knowledge.ScreeningWording.Where(pair => pair.Key.StartsWith(LimitPrefix, StringComparison.Ordinal)).Select(pair => pair.Value[Language]);

    public string Count(long count) => count.ToString("#,0", _numbers);

    public string Number(decimal value, string format = "0.##") => value.ToString(format, _numbers);

    public string Number(double value) => double.IsInfinity(value) ? "∞" : Rounded.ForPeople(value).ToString("0.####", _numbers);
}
