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

    // The worst values that count, and intervals that reach beyond them, move nobody to where another urgency or status stands.
    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void No_value_outweighs_a_status(long memory)
    {
        (string Name, string Value)[] patients =
        [
            ("moderate", Quantity("0.45")), ("mild-1", Quantity("0.6")), ("mild-2", Quantity("0.65")), ("elevated-1", Range("5", "9000")), ("elevated-2", Quantity("10")),
            ("elevated-3", Quantity("6.5")), ("elevated-4", Quantity("5")), ("elevated-5", Quantity("1.3")),
        ];
        using var runs = new WorklistRuns(Scratch);
        var rows = new WorklistRows(Knowledge.BuiltIn, runs, memory);
        foreach (var (name, value) in patients.Reverse())
        {
            rows.Add(Assert.Single(Screened.Of(Encoding.UTF8.GetBytes(Bundle(Impaired(name, value))))).Assessment);
        }

        // Severe renal impairment, beside migraine, makes all of them equally urgent; what is critical comes before.
        rows.Add(Assert.Single(Screened.Of(Encoding.UTF8.GetBytes(Bundle(Impaired("severe", Quantity("0.3")))))).Assessment);
        Assert.Equal([(Urgency.Critical, "Patient/severe"), .. patients.Select(patient => (Urgency.Safety, $"Patient/{patient.Name}"))], rows.Sorted().Select(row => (row.Reason.Urgency, row.Patient)));
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

    private static string Quantity(string value) => $"\"valueQuantity\":{Amount(value)}";

    private static string Range(string low, string high) => $"\"valueRange\":{{\"low\":{Amount(low)},\"high\":{Amount(high)}}}";

    private static string Amount(string value) => $$"""{"value":{{value}},"system":"http://unitsofmeasure.org","code":"mmol/L"}""";

    private static IEnumerable<string> Impaired(string name, string value) =>
    [
        $$$"""{"resourceType":"Patient","id":"{{{name}}}","birthDate":"1980-01-01"}""",
        $$$"""{"resourceType":"Condition","id":"c-{{{name}}}","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"G43.0"}]},"subject":{"reference":"Patient/{{{name}}}"}}""",
        $$$"""{"resourceType":"Condition","id":"k-{{{name}}}","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"N18.5"}]},"subject":{"reference":"Patient/{{{name}}}"}}""",
        $$$"""{"resourceType":"Observation","id":"o-{{{name}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2601-3"}]},"subject":{"reference":"Patient/{{{name}}}"},"effectiveDateTime":"{{{Screened.AsOf.AddDays(-3):yyyy-MM-dd}}}",{{{value}}}}""",
    ];

    private static string Bundle(IEnumerable<string> lines) =>
        $$"""{"resourceType":"Bundle","type":"collection","entry":[{{string.Join(',', lines.Select(line => $$"""{"resource":{{line}}}"""))}}]}""";
}
