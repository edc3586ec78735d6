using System.Text;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Worklist;
using Parquet;

namespace FhirMg.Screening.Tests.Worklist;

/// <summary>The worklist over the samples: who is on it, where, and why.</summary>
public sealed class WorklistTests
{
    private static readonly Lazy<IReadOnlyList<(string Sample, ScreenedPatient Patient)>> Samples = new(() => [.. Screened.Samples()]);

    [Fact]
    public void The_most_urgent_stand_first()
    {
        var rows = Rows(Language.English);
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => $"{i}"), rows.Select(row => row["rank"]));
        var urgencies = Enum.GetNames<Urgency>().Select(name => name.ToLowerInvariant()).ToList();
        var order = rows.Select(row => urgencies.IndexOf(row["urgency"])).ToList();
        Assert.Equal(order.Order(), order);
        Assert.Equal(urgencies.Count, order.Distinct().Count());
        Assert.All(rows.Where(row => row["urgency"] == "critical"), row => Assert.StartsWith("SAFE-8", row["reasons"], StringComparison.Ordinal));
        Assert.All(rows.Where(row => row["urgency"] == "ask"), row => Assert.Equal("ASK-1", row["rules"]));
    }

    [Fact]
    public void Everybody_with_a_proposal_is_on_the_list_and_nobody_deceased()
    {
        var rows = Rows(Language.English).CountBy(row => row["rules"].Length > 0).ToDictionary();
        var proposed = Samples.Value.Count(one => !one.Patient.Assessment.Proposed.IsEmpty);
        Assert.True(rows[true] >= proposed, $"{rows[true]} of {proposed}");
        Assert.False(rows.ContainsKey(false));
        Assert.DoesNotContain(Rows(Language.English), row => row["deficiency"] == "none-evaluated");
    }

    [Fact]
    public void A_contraindication_counts_only_where_magnesium_is_taken_or_thought_of()
    {
        const string Kidneys = """
            {"resourceType":"Patient","id":"p1","birthDate":"1980-05-05"}
            {"resourceType":"Condition","id":"kidneys","subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"N18.5"}]}}
            """;
        const string Magnesium = """

            {"resourceType":"MedicationStatement","id":"magnesium","status":"active","subject":{"reference":"Patient/p1"},"effectivePeriod":{"start":"2026-11-20"},"medicationCodeableConcept":{"coding":[{"system":"http://www.whocc.no/atc","code":"A12CC06"}]}}
            """;
        var (without, with) = (AssessmentOf(Kidneys), AssessmentOf(Kidneys + Magnesium));
        Assert.True(without.Safety.Contains(Rule.Safe1) && with.Safety.Contains(Rule.Safe1));
        Assert.False(Need.Of(without).Contains(Rule.Safe1));
        Assert.True(Need.Of(with).Contains(Rule.Safe1));
    }

    [Fact]
    public void No_rule_that_is_wrong_by_itself_is_left_out() => Assert.All(Samples.Value, one => Assert.True(
        RuleSet.Of(Rule.Safe3, Rule.Safe8, Rule.Safe9).Intersect(one.Patient.Assessment.Safety).Except(Need.Of(one.Patient.Assessment)).IsEmpty, one.Sample));

    [Fact]
    public void Reasons_are_in_the_language_asked_for()
    {
        var (english, russian) = (Rows(Language.English), Rows(Language.Russian));
        Assert.Equal(english.Select(row => row["rules"]), russian.Select(row => row["rules"]));
        Assert.All(russian, row => Assert.Matches(@"\p{IsCyrillic}", row["reasons"] + row["message"]));
        Assert.All(english, row => Assert.DoesNotMatch(@"\p{IsCyrillic}", row["reasons"] + row["message"]));
    }

    [Fact]
    public async Task Parquet_holds_the_same_as_the_csv()
    {
        var files = Files(Language.Russian);
        var rows = Csv(files["worklist.csv"]);
        using var stream = new MemoryStream(files["worklist.parquet"]);
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(WorklistEntry.Columns, reader.Schema.DataFields.Select(field => field.Name));
        using var group = reader.OpenRowGroupReader(0);
        Assert.Equal(rows.Count, group.RowCount);
        var patients = new string[rows.Count];
        await group.ReadAsync(reader.Schema.FindDataField("patient"), patients, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(rows.Select(row => row["patient"]), patients);
        var low = new double?[rows.Count];
        await group.ReadAsync<double>(reader.Schema.FindDataField("serum_low_mmol_per_l"), low, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(rows.Select(row => row["serum_low_mmol_per_l"] is { Length: > 0 } text ? double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : (double?)null), low);
    }

    [Fact]
    public async Task An_empty_list_is_a_list()
    {
        var files = Screened.Run(create => new WorklistSink(Knowledge.BuiltIn, Screened.AsOf, Language.English, create), []);
        Assert.Empty(Csv(files["worklist.csv"]));
        using var stream = new MemoryStream(files["worklist.parquet"]);
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(WorklistEntry.Columns.Count, reader.Schema.DataFields.Length);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\tx", "'\tx")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("=\"x\",1", "\"'=\"\"x\"\",1\"")]
    [InlineData("Patient/1", "Patient/1")]
    [InlineData("", "")]
    public void No_cell_breaks_out_or_becomes_a_formula(string text, string cell) => Assert.Equal(cell, WorklistCsv.Cell(text));

    private static Assessment AssessmentOf(string resources) => Assert.Single(Screened.Of(Encoding.UTF8.GetBytes(resources))).Assessment;

    private static Dictionary<string, byte[]> Files(Language language) =>
        Screened.Run(create => new WorklistSink(Knowledge.BuiltIn, Screened.AsOf, language, create), Samples.Value.Select(one => one.Patient));

    private static List<Dictionary<string, string>> Rows(Language language) => Csv(Files(language)["worklist.csv"]);

    // RFC 4180 read anew, not by the code under test.
    private static List<Dictionary<string, string>> Csv(byte[] content)
    {
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), content[..3]);
        var text = Encoding.UTF8.GetString(content[3..]);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        List<List<string>> rows = [[]];
        var (cell, quoted) = (new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when quoted && i + 1 < text.Length && text[i + 1] == '"':
                    cell.Append('"');
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    rows[^1].Add(cell.ToString());
                    cell.Clear();
                    break;
                case '\r' when !quoted && text[i + 1] == '\n':
                    rows[^1].Add(cell.ToString());
                    cell.Clear();
                    rows.Add([]);
                    i++;
                    break;
                default:
                    cell.Append(text[i]);
                    break;
            }
        }

        Assert.All(rows[..^1], row => Assert.Equal(rows[0].Count, row.Count));
        return [.. rows[1..^1].Select(row => rows[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second))];
    }
}
