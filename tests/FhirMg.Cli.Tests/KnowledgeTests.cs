using System.Text.Json;

namespace FhirMg.Cli.Tests;

/// <summary>The knowledge for review, and knowledge of one's own.</summary>
public sealed class KnowledgeTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    public static TheoryData<string, string> Forms => new() { { "en", "table" }, { "ru", "table" }, { "en", "markdown" }, { "ru", "markdown" } };

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_review_names_every_rule_source_value_set_and_medicine(string language, string format)
    {
        var run = Fhirmg.Run("knowledge", "--lang", language, "--format", format);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        using var plan = JsonDocument.Parse(File.ReadAllText(Repository.Path("profiles", "PlanDefinition-magnesium-migraine.json")));
        var rules = plan.RootElement.GetProperty("action").EnumerateArray().SelectMany(section => section.GetProperty("action").EnumerateArray())
            .Select(action => action.GetProperty("prefix").GetString()!);
        var sources = plan.RootElement.GetProperty("relatedArtifact").EnumerateArray().Select(source => source.GetProperty("label").GetString()!);
        var cells = FirstCells(run.Output, format).ToList();
        Assert.All(rules.Concat(sources), name => Assert.Contains(name, cells));
        Assert.All(Ids("ValueSet"), id => Assert.Contains(id, cells.Select(cell => cell.Split('\n')[^1])));

        // Long names go on in the next line.
        Assert.All(Ids("ActivityDefinition"), id => Assert.Contains(cells, cell => cell.Replace("\n", "", StringComparison.Ordinal).EndsWith($"/{id}", StringComparison.Ordinal)));
        var text = run.Output.Replace("\\", "", StringComparison.Ordinal);
        Assert.All((string[])[language == "en" ? "0.66 mmol/L" : "0,66", "35" + (language == "en" ? "." : ",") + "3"], number => Assert.Contains(number, text, StringComparison.Ordinal));
        Assert.Contains("magnesium-migraine|", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_knowledge_of_a_directory_decides_in_place_of_the_built_in()
    {
        var folder = Copy();
        var file = Path.Combine(folder, "ObservationDefinition-serum-magnesium.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("0.66", "0.6", StringComparison.Ordinal));
        var run = Fhirmg.Evaluate(Repository.Sample("adult-mild-with-migraine"), "--format", "json", "--knowledge", folder);
        Assert.Equal("borderline", Reports.Status(Reports.Of(run).Single()));
    }

    [Theory]
    [InlineData("ValueSet-migraine.json", "\"url\"", "\"uri\"", "url")]
    [InlineData("PlanDefinition-magnesium-migraine.json", "\"RX-1\"", "\"RX-77\"", "RX-77")]
    [InlineData("CodeSystem-wording.json", "\"ru\"", "\"de\"", "concept")]
    public void Broken_knowledge_is_refused_with_file_and_element(string name, string old, string changed, string element)
    {
        var folder = Copy();
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, File.ReadAllText(file).Replace(old, changed, StringComparison.Ordinal));
        var run = Fhirmg.Evaluate(Repository.Sample("adult-mild-with-migraine"), "--knowledge", folder);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(name, run.Errors, StringComparison.Ordinal);
        Assert.Contains(element, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Knowledge_without_a_needed_word_is_refused_with_the_word()
    {
        var folder = Copy();
        var file = Path.Combine(folder, "CodeSystem-wording.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"proposals\"", "\"suggestions\"", StringComparison.Ordinal));
        var run = Fhirmg.Evaluate(Repository.Sample("adult-mild-with-migraine"), "--knowledge", folder);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("CodeSystem-wording.json: CodeSystem.concept: the code 'proposals' is missing", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("fhir-samples")]
    public void A_directory_that_is_no_knowledge_is_refused_by_name(string folder)
    {
        var run = Fhirmg.Run("knowledge", "--knowledge", folder);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(folder, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_there_twice_is_refused()
    {
        var folder = Copy();
        File.Copy(Path.Combine(folder, "ValueSet-migraine.json"), Path.Combine(folder, "ValueSet-migraine-2.json"));
        var run = Fhirmg.Run("knowledge", "--knowledge", folder);
        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("unexpected", run.Errors, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(string type) =>
        Directory.GetFiles(Repository.Path("profiles"), $"{type}-*.json").Select(path => Path.GetFileNameWithoutExtension(path)[(type.Length + 1)..]);

    // The first column of every table, without the padding of its lines.
    private static IEnumerable<string> FirstCells(string text, string format)
    {
        var lines = text.Split('\n');
        return format == "markdown"
            ? lines.Where(line => line.StartsWith('|')).Select(line => line.Split('|')[1].Trim().Replace("<br>", "\n", StringComparison.Ordinal))
            : string.Join('\n', lines.Select(line => line.StartsWith('│') ? line.Split('│')[1].Trim() : "─")).Split('─').Select(cell => cell.Trim('\n'));
    }

    private string Copy()
    {
        foreach (var file in Directory.GetFiles(Repository.Path("profiles"), "*.json"))
        {
            File.Copy(file, _workspace.Path(Path.GetFileName(file)));
        }

        return _workspace.Folder;
    }
}
