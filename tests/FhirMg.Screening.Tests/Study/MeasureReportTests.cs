using System.Diagnostics;
using System.Text;
using FhirMg.Screening.Study;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace FhirMg.Screening.Tests.Study;

/// <summary>The MeasureReport: FHIR R4, the counts of the study, and the hidden ones masked.</summary>
public sealed class MeasureReportTests
{
    [Theory]
    [InlineData(300, 5)]
    [InlineData(300, 0)]
    [InlineData(0, 5)]
    public async System.Threading.Tasks.Task It_is_valid_R4(int size, int suppressBelow)
    {
        using var output = new MemoryStream();
        CohortMeasureReport.Write(output, Cohorts.Summary(Cohorts.Random(2, size), suppressBelow));
        var json = Encoding.UTF8.GetString(output.ToArray());
        new FhirJsonDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Strict)).DeserializeResource(json);

        var folder = Repository.Path("tests", "validation");
        var installed = Directory.Exists(Path.Combine(folder, "node_modules"));
        Assert.True(installed || Environment.GetEnvironmentVariable("FHIRMG_REQUIRE_ALL") != "1", "the profile validator is not installed: run npm ci in tests/validation");
        Assert.SkipUnless(installed, "the profile validator is not installed: run npm ci in tests/validation");
        Assert.Equal("", await Validate(folder, json));
        Assert.NotEqual("", await Validate(folder, json.Replace("\"summary\"", "\"sum\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void It_counts_as_the_summary_does()
    {
        var summary = Cohorts.Summary(Cohorts.Random(2, 300), 5);
        var report = CohortMeasureReport.Of(summary);
        Assert.StartsWith("https://fhirmg.github.io/ig/Measure/magnesium-migraine-cohort|1.", report.Measure, StringComparison.Ordinal);
        Assert.Equal(CohortTables.SerumStatus.Count + CohortTables.Deficiency.Count, report.Group.Count);
        foreach (var (row, group) in CohortTables.SerumStatus.Concat(CohortTables.Deficiency).Zip(report.Group))
        {
            Assert.Equal(row.Code, group.Code!.Coding[0].Code);
            var columns = CohortTables.Migraine.Where(column => column.Code != "any").Concat(CohortTables.Age).Concat(CohortTables.Gender).ToList();
            var strata = group.Stratifier.SelectMany(stratifier => stratifier.Stratum).ToList();
            Assert.Equal(columns.Count, strata.Count);
            foreach (var (column, stratum) in columns.Zip(strata))
            {
                Assert.Equal(column.Code, stratum.Value!.Coding[0].Code);
                var numerator = stratum.Population.Single(population => population.Code!.Coding[0].Code == "numerator");
                Assert.Equal(summary[row.Row, column.Column], numerator.Count);
                Assert.Equal(numerator.Count is null, numerator.CountElement!.Extension.Any(extension => extension.Value is Code { Value: "masked" }));
                Assert.Equal(summary.Percent(row.Row, column.Column) is null, stratum.MeasureScore is null);
            }
        }
    }

    private static async Task<string> Validate(string folder, string json)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["validate.mjs"])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.StandardInput.WriteAsync(json);
        node.StandardInput.Close();
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return node.ExitCode == 0 ? "" : await output + await errors;
    }
}
