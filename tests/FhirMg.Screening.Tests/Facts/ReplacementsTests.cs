using System.Text;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Screening.Facts;

namespace FhirMg.Screening.Tests.Facts;

/// <summary>Which of many versions of many resources do not count, whatever of it goes to disk.</summary>
public sealed class ReplacementsTests : IDisposable
{
    private readonly string _facts = Path.Combine(Path.GetTempPath(), $"fhirmg-facts-{Guid.CreateVersion7()}.bin");
    private readonly string _versions = Path.Combine(Path.GetTempPath(), $"fhirmg-versions-{Guid.CreateVersion7()}.bin");

    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    [InlineData(long.MaxValue)]
    public void The_same_do_not_count_whatever_goes_to_disk(long memory)
    {
        using var store = new FactStore(_facts, 1, [], long.MaxValue);
        var resources = Resources();
        resources.ForEach(resource => Keep(store, resource));
        using var replaced = Replacements.Find(store, _versions, memory, 2, TestContext.Current.CancellationToken);
        List<FactPlace> found = [.. Enumerable.Range(0, Lanes.Loose + 1).SelectMany(lane => replaced.In(lane).ToList())];
        var expected = Expected(resources).Order().ToList();
        Assert.True(expected.Count > 1000);
        Assert.Equal(expected, found.Order());
        Assert.Equal(expected.Count, replaced.Count);
        Assert.Equal(memory < long.MaxValue, new FileInfo(_versions).Length > 0);
    }

    [Fact]
    public void Where_nothing_is_repeated_nothing_is_written()
    {
        using var store = new FactStore(_facts, 1, [], long.MaxValue);
        Resources().DistinctBy(resource => (resource.Type, resource.Id)).ToList().ForEach(resource => Keep(store, resource));
        using var replaced = Replacements.Find(store, _versions, 0, 2, TestContext.Current.CancellationToken);
        Assert.Equal(0, replaced.Count);
        Assert.All(Enumerable.Range(0, Lanes.Loose + 1), lane => Assert.Empty(replaced.In(lane)));
        Assert.False(File.Exists(_versions));
    }

    public void Dispose()
    {
        File.Delete(_facts);
        File.Delete(_versions);
    }

    // Few ids, of two types; also versions about another patient, or about nobody.
    private static List<Resource> Resources()
    {
        var random = new Random(17);
        return
        [
            .. Enumerable.Range(0, 6000).Select(_ => new Resource(
                random.Next(2) == 0 ? "Observation" : "Condition", $"r{random.Next(2000)}", random.Next(20) == 0 ? "" : $"Patient/p{random.Next(300)}",
                random.Next(3) == 0 ? null : random.Next(1, 28), new(random.Next(3), 0))).OrderBy(resource => resource.Place.File)
                .Select((resource, line) => resource with { Place = resource.Place with { Line = line + 1 } }),
        ];
    }

    private static IEnumerable<FactPlace> Expected(IEnumerable<Resource> resources)
    {
        foreach (var versions in resources.GroupBy(resource => (resource.Type, resource.Id)))
        {
            var counts = versions.First();
            foreach (var next in versions.Skip(1))
            {
                var stays = next.Day < counts.Day;
                yield return stays ? next.Place : counts.Place;
                counts = stays ? counts : next;
            }
        }
    }

    private static void Keep(FactStore store, Resource resource)
    {
        var meta = resource.Day is { } day ? $$"""
            "meta":{"lastUpdated":"2026-01-{{day:00}}T00:00:00Z"},
            """.Trim() : "";
        var subject = resource.Subject.Length > 0 ? $$""","subject":{"reference":"{{resource.Subject}}"}""" : "";
        var rest = resource.Type == "Observation"
            ? """ "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2601-3"}]},"valueQuantity":{"value":0.7,"system":"http://unitsofmeasure.org","code":"mmol/L"}"""
            : """ "clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"G43.0"}]}""";
        var reader = new PopulationReader(Knowledge.BuiltIn, new LabelTable());
        Assert.Equal(LineReading.Kept, reader.Read(
            Encoding.UTF8.GetBytes($$"""{"resourceType":"{{resource.Type}}","id":"{{resource.Id}}",{{meta}}{{rest}}{{subject}}}"""), resource.Place, new(0, 0), false));
        store.Writer(0).Append(reader.IsLoose ? Lanes.Loose : Lanes.OfPatient(reader.Partition), reader.Record);
        store.Writer(0).Append(Lanes.OfIdentity(reader.Identity), reader.Identity);
    }

    private sealed record Resource(string Type, string Id, string Subject, int? Day, FactPlace Place);
}
