using System.Text.RegularExpressions;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Tests.Study;

/// <summary>Every word that results ask for is in the knowledge, and says the same in both languages.</summary>
public sealed partial class WordingTests
{
    private static readonly IReadOnlyList<string> Sources =
        [.. Directory.GetFiles(Repository.Path("src", "FhirMg.Screening"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal))];

    [Fact]
    public void Every_code_in_the_source_has_its_wording()
    {
        var words = new Wording(Knowledge.BuiltIn, Language.Russian);
        var asked = Sources.SelectMany(file => Asked().Matches(File.ReadAllText(file)).Select(match => match.Value.Trim('"'))).Distinct().ToList();
        Assert.True(asked.Count > 40, $"{asked.Count}");
        Assert.All(asked, code => Assert.NotEmpty(words[code]));
    }

    [Fact]
    public void Every_row_and_column_has_its_wording()
    {
        var words = new Wording(Knowledge.BuiltIn, Language.English);
        Assert.All(CohortTables.All, table =>
        {
            Assert.NotEmpty(words[table.Code]);
            Assert.All(table.Rows.Select(row => row.Code).Concat(table.Columns.Select(column => column.Code)), code => Assert.NotEmpty(words[code]));
        });
    }

    [Fact]
    public void Every_wording_is_asked_for()
    {
        var source = string.Concat(Sources.Select(File.ReadAllText));
        var codes = CohortTables.All.SelectMany(table => table.Columns.Select(column => column.Code).Append(table.Code)).ToHashSet();
        Assert.All(
            Knowledge.BuiltIn.ScreeningWording.Keys.Where(code => !code.StartsWith("limit-", StringComparison.Ordinal) && !codes.Contains(code)),
            code => Assert.Contains($"\"{code}\"", source, StringComparison.Ordinal));
    }

    [Fact]
    public void No_place_of_a_sentence_is_lost_in_translation() => Assert.All(Knowledge.BuiltIn.ScreeningWording, pair =>
        Assert.Equal(Places(pair.Value.En), Places(pair.Value.Ru)));

    [Fact]
    public void No_text_for_people_stands_in_the_source() => Assert.All(Sources, file => Assert.DoesNotMatch(@"\p{IsCyrillic}", File.ReadAllText(file)));

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex("\"study-[a-z-]+\"")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
