using System.Globalization;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reporting;

/// <summary>The words of outputs for people, in one language, from the knowledge.</summary>
public sealed class PhraseBook
{
    private readonly Knowledge _knowledge;
    private readonly NumberFormatInfo _numbers;

    /// <summary>The words of the knowledge in a language.</summary>
    public PhraseBook(Knowledge knowledge, Language language)
    {
        (_knowledge, Language) = (knowledge, language);
        _numbers = new() { NumberDecimalSeparator = this["decimal-separator"], NegativeSign = "\u2212" };
    }

    /// <summary>The language.</summary>
    public Language Language { get; }

    /// <summary>A heading, label or sentence.</summary>
    /// <exception cref="KnowledgeException">The knowledge has no such wording.</exception>
    public string this[string code] => Find(code);

    /// <summary>A sentence with its places filled.</summary>
    public string Say(string code, params ReadOnlySpan<object?> arguments) => string.Format(CultureInfo.InvariantCulture, this[code], arguments);

    /// <summary>The words of a code of our own code system.</summary>
    public string Term(string code) => _knowledge.Terms.TryGetValue(code, out var text) ? text[Language] : code;

    /// <summary>A text in this language.</summary>
    public string Of(Text text) => text[Language];

    /// <summary>A number with at most four decimals, as the language writes it.</summary>
    public string Number(decimal value) => value.ToString("0.####", _numbers);

    /// <summary>A number with its sign.</summary>
    public string Signed(decimal value) => value.ToString("+0.####;\u22120.####;0", _numbers);

    private string Find(string code) => _knowledge.Wording.TryGetValue(code, out var text)
        ? text[Language]
        : throw new KnowledgeException($"CodeSystem-wording.json: CodeSystem.concept: the code '{code}' is missing");
}
