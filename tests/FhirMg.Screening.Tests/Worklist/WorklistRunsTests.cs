using System.Text;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Tests.Engine;
using FhirMg.Screening.Worklist;

namespace FhirMg.Screening.Tests.Worklist;

/// <summary>A worklist that goes to disk is the same as one that stays in memory.</summary>
public sealed class WorklistRunsTests : IDisposable
{
    // One block of names, and a few rows.
    private const int FewRows = (1 << 20) + 500;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"fhirmg-worklist-{Guid.CreateVersion7()}.rows");

    // Patients who differ in nothing but their names show whether those of equal urgency keep their order.
    private static readonly Lazy<IReadOnlyList<ScreenedPatient>> Patients = new(() =>
        [.. Enumerable.Range(0, 3).SelectMany(_ => Screened.Of(Encoding.UTF8.GetBytes(Bundle(Population.Generate(200, seed: 11)))))]);

    [Theory]
    [InlineData(0)]
    [InlineData(FewRows)]
    public void Rows_on_disk_give_the_same_list(long memory)
    {
        var expected = Screened.Run(create => new WorklistSink(Knowledge.BuiltIn, Screened.AsOf, Language.English, create), Patients.Value);
        var files = Screened.Run(create => new WorklistSink(Knowledge.BuiltIn, Screened.AsOf, Language.English, create, memory, Scratch), Patients.Value);
        Assert.True(Patients.Value.Count > 500);
        Assert.Equal(expected["worklist.csv"], files["worklist.csv"]);
        Assert.Equal(expected["worklist.parquet"], files["worklist.parquet"]);
        Assert.False(File.Exists(_path));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(FewRows, true)]
    [InlineData(long.MaxValue, false)]
    public void Only_what_passes_the_limit_goes_to_disk(long memory, bool goes)
    {
        using var runs = new WorklistRuns(Scratch);
        var rows = new WorklistRows(Knowledge.BuiltIn, runs, memory);
        foreach (var patient in Patients.Value)
        {
            rows.Add(patient.Assessment);
        }

        Assert.Equal(goes, runs.Any);
        Assert.Equal(goes, File.Exists(_path));
        Assert.Equal(rows.Count, rows.Sorted().Count());
    }

    [Fact]
    public void Runs_are_merged_and_of_equal_rows_the_earlier_comes_first()
    {
        using var runs = new WorklistRuns(Scratch);
        var random = new Random(5);
        List<SortedRow> all = [];
        for (var run = 0; run < 40; run++)
        {
            // Names longer than what is read at once, and none at all.
            var rows = Enumerable.Range(0, random.Next(1, 100))
                .Select(i => new SortedRow(random.Next(20), new string('ж', random.Next(8) == 0 ? random.Next(30_000) : random.Next(20)) + i, random.Next(), random.Next(), -1))
                .OrderBy(row => row.Order).ToList();
            runs.Add(rows);
            all.AddRange(rows);
        }

        Assert.Equal(all.OrderBy(row => row.Order), runs.Merged());
        Assert.Equal(all.OrderBy(row => row.Order), runs.Merged());
    }

    [Fact]
    public void A_file_that_breaks_off_is_said()
    {
        using var runs = new WorklistRuns(Scratch);
        runs.Add([new(1, "Patient/1", 0, 1, 2), new(2, "Patient/2", 0, 1, 2)]);
        using (var file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Throws<EndOfStreamException>(() => runs.Merged().Count());
    }

    public void Dispose() => File.Delete(_path);

    private FileStream Scratch() => new(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 4096, FileOptions.DeleteOnClose);

    private static string Bundle(IEnumerable<string> lines) =>
        $$"""{"resourceType":"Bundle","type":"collection","entry":[{{string.Join(',', lines.Select(line => $$"""{"resource":{{line}}}"""))}}]}""";
}
