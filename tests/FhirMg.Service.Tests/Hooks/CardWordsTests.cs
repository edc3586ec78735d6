using System.Globalization;
using System.Text.Json;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Hooks.Cards;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>What cards say as it stands is written once, and reads as the knowledge does.</summary>
public sealed class CardWordsTests
{
    public static TheoryData<Language> Languages => [.. Enum.GetValues<Language>()];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_rule_says_what_the_knowledge_says(Language language)
    {
        var words = CardWords.Of(Knowledge.BuiltIn, language);
        foreach (var rule in Knowledge.BuiltIn.Rules)
        {
            var parts = words.Parts(rule.Rule);
            Assert.Equal($"- **{rule.Title[language]}.** ", Read(parts.Heading));
            Assert.Equal(rule.Message?[language], Read(parts.Message));
            Assert.Equal((rule.Note ?? rule.Message)?[language], Read(parts.Note));
            Assert.Equal(rule.NotChecked?[language], Read(parts.NotChecked));
            Assert.Equal(rule.Message is { } message ? JsonText.Of(message[language])[1..^1] : null, parts.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_wording_reads_as_it_stands(Language language)
    {
        var words = CardWords.Of(Knowledge.BuiltIn, language);
        Assert.All(Knowledge.BuiltIn.Wording, wording => Assert.Equal(wording.Value[language], Read(words.Part(wording.Key))));
    }

    [Fact]
    public void Words_are_made_once_for_a_knowledge_and_a_language()
    {
        Assert.Same(CardWords.Of(Knowledge.BuiltIn, Language.Russian), CardWords.Of(Knowledge.BuiltIn, Language.Russian));
        Assert.NotSame(CardWords.Of(Knowledge.BuiltIn, Language.English), CardWords.Of(Knowledge.BuiltIn, Language.Russian));
        Assert.NotSame(CardWords.Of(Knowledge.BuiltIn, Language.English), CardWords.Of(Knowledge.BuiltIn.Without(RuleSet.Of(Rule.Rx1)), Language.English));
    }

    [Theory]
    [InlineData("0.61", "0.61", "0,61")]
    [InlineData("-0.5", "-0.5", "-0,5")]
    [InlineData("1234.56785", "1234.5679", "1234,5679")]
    [InlineData("2.000", "2", "2")]
    public void Numbers_are_written_as_the_language_writes_them(string value, string english, string russian)
    {
        var number = decimal.Parse(value, CultureInfo.InvariantCulture);
        Assert.Equal(english, CardWords.Of(Knowledge.BuiltIn, Language.English).Number(number));
        Assert.Equal(russian, CardWords.Of(Knowledge.BuiltIn, Language.Russian).Number(number));
    }

    [Fact]
    public void A_value_says_where_it_is_open()
    {
        var words = CardWords.Of(Knowledge.BuiltIn, Language.English);
        Assert.Equal("0.61 mmol/L", words.Value(Interval.Closed(0.61m, 0.61m)));
        Assert.Equal("0.5–0.6 mmol/L", words.Value(Interval.Closed(0.5m, 0.6m)));
    }

    [Fact]
    public void Words_of_others_are_no_Markdown_of_ours()
    {
        Assert.Equal("ferrous sulfate 325 mg", CardWords.Plain("ferrous sulfate 325 mg"));
        for (var c = char.MinValue; c < 0x250; c++)
        {
            var expected = char.IsControl(c) ? " " : "\\`*_[]<>#|!()&".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : $"{c}";
            Assert.Equal($"a{expected}b", CardWords.Plain($"a{c}b"));
        }
    }

    private static string? Read(byte[]? part) => part is null ? null : JsonSerializer.Deserialize<string>([.. "\""u8, .. part, .. "\""u8]);
}
