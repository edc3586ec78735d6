using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;

namespace FhirMg.Screening.Tests.Engine;

/// <summary>A patient's report is the same to the byte, alone or in a population, however the population lies on the disk.</summary>
public sealed class SameReportTests
{
    private static readonly string Samples = Path.Combine(Repository.Root, "fhir-samples");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Samples).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    public static TheoryData<int, int> Layouts => new() { { 1, 1 }, { 1, 2 }, { 7, 1 }, { 7, 2 }, { 100, 1 }, { 100, 2 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_sample_as_NDJSON_is_reported_as_evaluate_does(string name)
    {
        using var place = new Workplace();
        Assert.True(AsOf.TryParse("2026-11-23", out var asOf));
        var sample = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Samples, name, "bundle.json"), TestContext.Current.CancellationToken))!;
        place.Write("sample.ndjson", string.Join('\n', Versions(Population.Resources(sample)).Select(resource => resource.ToJsonString(Population.Plain))));
        await place.Screen(place.Options() with { AsOf = asOf });
        AssertSame(place, asOf);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Generated_patients_are_reported_as_evaluate_does(int files, int threads)
    {
        using var place = new Workplace();
        place.Spread(Lines.Value, files, seed: files + threads);
        var outcome = await place.Screen(place.Options(threads));
        Assert.Empty(outcome.Faults);
        Assert.Equal(Lines.Value.Count, outcome.Resources);
        AssertSame(place, Workplace.AsOf);
    }

    [Fact]
    public async Task Facts_on_disk_give_the_same_results()
    {
        using var place = new Workplace();
        place.Spread(Lines.Value, 7, seed: 3);
        await place.Screen();
        var (reports, proposals, setAside) = (place.Result("reports.ndjson"), place.Result("proposals.ndjson"), place.Result("set-aside.csv"));
        await place.Screen(place.Options() with { CheckpointEvery = TimeSpan.Zero });
        Assert.Equal(reports, place.Result("reports.ndjson"));
        Assert.Equal(proposals, place.Result("proposals.ndjson"));
        Assert.Equal(setAside, place.Result("set-aside.csv"));
        Assert.NotEmpty(proposals);
    }

    [Fact]
    public async Task Threads_do_not_change_the_order_of_results()
    {
        using var place = new Workplace();
        place.Spread(Lines.Value, 7, seed: 4);
        await place.Screen(place.Options(threads: 1));
        var (reports, setAside) = (place.Result("reports.ndjson"), place.Result("set-aside.csv"));
        await place.Screen(place.Options(threads: 4));
        Assert.Equal(reports, place.Result("reports.ndjson"));
        Assert.Equal(setAside, place.Result("set-aside.csv"));
    }

    private static readonly Lazy<List<string>> Lines = new(() =>
        Population.Generate(Environment.GetEnvironmentVariable("FHIRMG_LONG") == "1" ? 100_000 : 800, seed: 7));

    // A document's later version replaces the earlier; of a population the newest does: as each is read, so the sample is reduced.
    private static IEnumerable<JsonObject> Versions(IEnumerable<JsonObject> resources) =>
        resources.Reverse().DistinctBy(resource => resource["id"] is { } id ? $"{resource["resourceType"]}/{id}" : Guid.CreateVersion7().ToString()).Reverse();

    private static void AssertSame(Workplace place, DateTimeOffset asOf)
    {
        var screened = place.Lines("reports.ndjson").Order(StringComparer.Ordinal).ToList();
        var expected = Population.Evaluate(place.In, asOf, out var nobodys).Select(Encoding.UTF8.GetString);
        Assert.Equal(expected.Order(StringComparer.Ordinal), screened);
        Assert.Equal(nobodys, Nobodys(place, screened));
    }

    // What has no readable subject stands once in set-aside.csv, and in no report.
    private static IEnumerable<string> Nobodys(Workplace place, List<string> reports)
    {
        var named = place.Lines("set-aside.csv").Skip(1).Select(row => row.Split(',')).Where(row => row[3] is "subject" or "malformed").Select(row => row[2]).ToHashSet(StringComparer.Ordinal);
        named.ExceptWith(reports.SelectMany(report => JsonNode.Parse(report)!["setAside"]!.AsArray()).Select(one => one!["resource"]!.GetValue<string>()));
        return named.Order(StringComparer.Ordinal);
    }
}
