using System.Text.Json;
using System.Text.RegularExpressions;
using FhirMg.Fhir.Writing;

namespace FhirMg.Cli.Tests;

/// <summary>Every word that the program asks for is in the knowledge, and Russian has its own.</summary>
public sealed partial class WordingTests
{
    [Fact]
    public void Every_code_in_the_source_has_its_wording()
    {
        using var system = JsonDocument.Parse(File.ReadAllText(Repository.Path("profiles", "CodeSystem-wording.json")));
        var codes = system.RootElement.GetProperty("concept").EnumerateArray().Select(concept => concept.GetProperty("code").GetString()!).ToHashSet();
        var asked = Directory.GetFiles(Repository.Path("src", "FhirMg.Cli"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Ask().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToList();
        Assert.True(asked.Count >= 50);
        Assert.All(asked, code => Assert.Contains(code, codes));
    }

    [Fact]
    public void Every_state_and_outcome_of_writing_has_its_wording()
    {
        using var system = JsonDocument.Parse(File.ReadAllText(Repository.Path("profiles", "CodeSystem-wording.json")));
        var codes = system.RootElement.GetProperty("concept").EnumerateArray().Select(concept => concept.GetProperty("code").GetString()!).ToHashSet();
        var asked = Enum.GetNames<WriteState>().Select(name => $"write-state-{Kebab(name)}")
            .Concat(Enum.GetNames<WriteAction>().Concat(Enum.GetNames<WriteOutcome>()).Select(name => $"write-{Kebab(name)}"))
            .Concat(((string[])["transaction", "singly", "suggest", "report", "nothing", "unknown"]).Select(name => $"write-manner-{name}"))
            .Concat(((string[])["policy-suggest", "policy-report", "create", "scope", "search", "update", "assessment"]).Select(name => $"write-why-{name}"));
        Assert.All(asked, code => Assert.Contains(code, codes));
    }

    [Fact]
    public void No_place_of_a_sentence_is_lost_in_translation()
    {
        using var system = JsonDocument.Parse(File.ReadAllText(Repository.Path("profiles", "CodeSystem-wording.json")));
        foreach (var concept in system.RootElement.GetProperty("concept").EnumerateArray())
        {
            var english = Places(concept.GetProperty("display").GetString()!);
            var russian = Places(concept.GetProperty("designation")[0].GetProperty("value").GetString()!);
            Assert.True(english.SetEquals(russian), concept.GetProperty("code").GetString());
        }
    }

    [Fact]
    public void No_text_for_people_stands_in_the_source()
    {
        var cyrillic = Directory.GetFiles(Repository.Path("src", "FhirMg.Cli"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && Cyrillic().IsMatch(File.ReadAllText(file)));
        Assert.Empty(cyrillic);
    }

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value)];

    [GeneratedRegex("""[Ww]ords(?:\[|\.Say\()"([a-z-]+)["]""")]
    private static partial Regex Ask();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"\p{IsCyrillic}")]
    private static partial Regex Cyrillic();
}
