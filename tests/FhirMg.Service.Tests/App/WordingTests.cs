using System.Text.RegularExpressions;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Service.Tests.App;

/// <summary>Every word of the page is in the knowledge, in both languages, and none stands in the source.</summary>
public sealed partial class WordingTests
{
    private static readonly string[] Files =
        [.. Directory.GetFiles(Repository.Path("src", "FhirMg.Service", "App"), "*.*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".cs" or ".razor")];

    [Fact]
    public void Every_code_that_the_page_asks_for_has_its_wording()
    {
        var codes = Files.SelectMany(file => Code().Matches(File.ReadAllText(file)).Select(match => match.Value.Trim('"'))).Distinct().ToList();
        Assert.True(codes.Count > 60, $"{codes.Count}");
        Assert.All(codes, code => Assert.Contains(code, Knowledge.BuiltIn.Wording.Keys));
    }

    [Fact]
    public void Every_wording_of_the_page_is_used()
    {
        var source = string.Concat(Files.Select(File.ReadAllText));
        Assert.All(Knowledge.BuiltIn.Wording.Keys.Where(code => code.StartsWith("page-", StringComparison.Ordinal)), code => Assert.Contains($"\"{code}\"", source));
    }

    [Fact]
    public void No_text_for_people_stands_in_the_source() =>
        Assert.DoesNotContain(Files, file => Cyrillic().IsMatch(File.ReadAllText(file)));

    [GeneratedRegex("\"page-[a-z-]+\"")]
    private static partial Regex Code();

    [GeneratedRegex(@"\p{IsCyrillic}")]
    private static partial Regex Cyrillic();
}
