namespace FhirMg.Cli.Tests;

/// <summary>The table that a clinician reads. Run with FHIRMG_RECORD=1 to write the snapshots anew, then read the difference.</summary>
public sealed class TableTests
{
    private static readonly string[] Cases =
    [
        "adult-mild-with-migraine", "levothyroxine-and-iron-separate-doses", "chart-russian-inpatient-attack-with-aura",
        "chart-elderly-kidney-disease-on-magnesium", "no-birth-date-serum-indeterminate", "malformed-observations", "deceased-boolean", "reference-range-disagrees",
    ];

    public static TheoryData<string, string> Snapshots
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in Cases)
            {
                data.Add(name, "en");
                data.Add(name, "ru");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Snapshots))]
    public void The_table_is_the_recorded_one(string name, string language)
    {
        var run = Fhirmg.Evaluate(Repository.Sample(name), "--lang", language);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var file = Repository.Path("tests", "FhirMg.Cli.Tests", "Snapshots", $"{name}.{language}.txt");
        if (Environment.GetEnvironmentVariable("FHIRMG_RECORD") == "1")
        {
            File.WriteAllText(file, run.Output);
            Assert.Skip("recorded, so compared with nothing");
        }

        Assert.Equal(File.ReadAllText(file), run.Output);
    }

    [Fact]
    public void No_line_is_wider_than_100_columns_and_nothing_is_coloured_when_redirected()
    {
        var output = Fhirmg.Evaluate("fhir-samples").Output;
        Assert.Contains("Patient/", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public void Whatever_the_report_says_stands_in_the_table()
    {
        var reports = Reports.Of(Fhirmg.Evaluate("fhir-samples", "--format", "json"));
        foreach (var language in (string[])["en", "ru"])
        {
            var tables = Fhirmg.Evaluate("fhir-samples", "--lang", language).Output.Split(new string('\u2550', 100))[1..];
            Assert.Equal(reports.Count, tables.Length);
            foreach (var (report, table) in reports.Zip(tables))
            {
                var rules = report["proposals"]!.AsArray().Concat(report["safety"]!.AsArray()).Select(entry => (string)entry!["rule"]!)
                    .Concat(report["risks"]!.AsArray().SelectMany(risk => risk!["rules"]!.AsArray()).Select(rule => (string)rule!))
                    .Concat(report["notChecked"]!.AsArray().Select(rule => (string)rule!))
                    .Concat(report["context"]!.AsArray().Select(rule => (string)rule!).Where(rule => rule != "IN-9"));
                Assert.All(rules, rule => Assert.Contains($"\n{rule} ", table, StringComparison.Ordinal));
                Assert.Contains((string)report["patient"]!, table, StringComparison.Ordinal);
                Assert.All(report["setAside"]!.AsArray(), aside => Assert.Contains((string)aside!["resource"]!, Unwrapped(table), StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void A_file_cannot_move_the_cursor_or_change_colours()
    {
        using var workspace = new Workspace();
        var bundle = Resources.Bundle(Resources.Patient("p1"), Resources.Serum("o1", "p1", "0.61"),
            """{"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order","subject":{"reference":"Patient/p1"},"medicationCodeableConcept":{"coding":[{"system":"http://www.whocc.no/atc","code":"A02BC01","display":"omep\u001b[31mrazole\u202e"}]}}""");
        var run = Fhirmg.Evaluate(workspace.Write("a.json", bundle));
        Assert.Contains("razole", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\u202e', run.Output);
    }

    private static string Unwrapped(string table) => table.Replace("\n", " ", StringComparison.Ordinal);
}
