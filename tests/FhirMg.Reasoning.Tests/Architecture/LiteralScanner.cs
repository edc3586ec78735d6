using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FhirMg.Reasoning.Tests.Architecture;

/// <summary>A literal that looks like clinical knowledge.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Literal">The literal's value, or the suspicious part of a text.</param>
/// <param name="Why">What it looks like.</param>
internal sealed record Suspicion(int Line, string Literal, string Why);

/// <summary>Looks through the literals of C# code, comments aside, for clinical codes, thresholds and doses.</summary>
internal sealed partial class LiteralScanner(ClinicalLiterals known)
{
    private const int ShortestCodeInText = 3;

    public IEnumerable<Suspicion> Scan(string code)
    {
        var root = CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot();
        foreach (var token in root.DescendantTokens())
        {
            var line = token.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            var found = token.Kind() switch
            {
                SyntaxKind.NumericLiteralToken => Number(token),
                SyntaxKind.StringLiteralToken or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
                    or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken or SyntaxKind.InterpolatedStringTextToken => Text(token.ValueText),
                _ => [],
            };
            foreach (var (literal, why) in found)
            {
                yield return new(line, literal, why);
            }
        }
    }

    // A position in a text, a bit or an event id is no amount of anything.
    private static bool IsPosition(SyntaxToken token) => token.Parent?.Parent switch
    {
        BinaryExpressionSyntax binary => binary.Right == token.Parent && binary.Kind() is SyntaxKind.LeftShiftExpression or SyntaxKind.RightShiftExpression or SyntaxKind.UnsignedRightShiftExpression,
        RangeExpressionSyntax => true,
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.IndexExpression),
        ArgumentSyntax { Parent: BracketedArgumentListSyntax { Parent: ElementAccessExpressionSyntax } } => true,
        AttributeArgumentSyntax argument => argument.Parent?.Parent is AttributeSyntax attribute && attribute.Name.ToString() == "LoggerMessage",
        _ => false,
    };

    private IEnumerable<(string, string)> Number(SyntaxToken token)
    {
        if (IsPosition(token))
        {
            yield break;
        }

        var value = token.Value is IConvertible number && number is not (double or float) ? number.ToDecimal(CultureInfo.InvariantCulture)
            : decimal.TryParse(token.ValueText, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : default;
        var plain = value.ToString(CultureInfo.InvariantCulture);
        if (token.Value is decimal or double or float && value != decimal.Truncate(value))
        {
            yield return (plain, "a fraction: a threshold, a factor or a dose?");
        }
        else if (value > 1 && known.Numbers.Contains(value))
        {
            yield return (plain, "a number of the knowledge: a threshold, an age, a time or a dose?");
        }
        else if (known.Codes.Contains(plain) && value > 1)
        {
            yield return (plain, "a clinical code");
        }
    }

    private IEnumerable<(string, string)> Text(string text)
    {
        if (known.Codes.Contains(text) && !known.Names.Contains(text))
        {
            yield return (text, "a clinical code");
            yield break;
        }

        foreach (var name in known.Names.Where(name => name.Contains('-', StringComparison.Ordinal)).OrderByDescending(name => name.Length))
        {
            text = text.Replace(name, " ", StringComparison.Ordinal);
        }

        foreach (var word in CodeLike().Matches(text).Select(match => match.Value.Trim('.', '-')))
        {
            var bare = word.Replace(".", "", StringComparison.Ordinal);
            if (Loinc().IsMatch(word) || Icd().IsMatch(word) || Atc().IsMatch(word) || Digits().IsMatch(word)
                || (word.Length >= ShortestCodeInText && word.Any(char.IsAsciiDigit) && (known.Codes.Contains(word.ToUpperInvariant()) || known.Ancestors.Any(code => bare.StartsWith(code, StringComparison.OrdinalIgnoreCase)))))
            {
                yield return (word, "a clinical code");
            }
        }

        foreach (var dose in Doses().Matches(text).Select(match => match.Value))
        {
            yield return (dose, "an amount");
        }

        foreach (var word in Words().Matches(text).Select(match => match.Value).Where(word => known.Stems.Any(stem => word.StartsWith(stem, StringComparison.OrdinalIgnoreCase))))
        {
            yield return (word, "the name of a medicine");
        }
    }

    // What begins with # is a colour.
    [GeneratedRegex(@"(?<![#A-Za-z0-9.\-])[A-Za-z0-9.\-]+")]
    private static partial Regex CodeLike();

    [GeneratedRegex(@"^\d{1,7}-\d$")]
    private static partial Regex Loinc();

    [GeneratedRegex(@"^[A-TV-Z]\d{2}(\.[0-9A-Z]{1,4})?$")]
    private static partial Regex Icd();

    [GeneratedRegex(@"^[A-DGHJLMNPRSV]\d{2}[A-Z]{1,2}(\d{2})?$")]
    private static partial Regex Atc();

    [GeneratedRegex(@"^\d{6,18}$")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\d+([.,]\d+)?\s?(mg|g|mmol|mcg|µg|мг|г|ммоль|мкг)\b")]
    private static partial Regex Doses();

    [GeneratedRegex(@"\p{L}{4,}")]
    private static partial Regex Words();
}
