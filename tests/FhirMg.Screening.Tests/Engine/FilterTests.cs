using System.Text;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Tests.Engine;

/// <summary>The early exit never drops what the readers would keep.</summary>
public sealed class FilterTests
{
    private const string Glucose = """{"resourceType":"Observation","id":"o1","meta":{"versionId":"1","profile":["a","b]}"]},"status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"2339-0","display":"Glucose"}],"text":"Glucose"},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-01-02","valueQuantity":{"value":5.1,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}}""";

    [Theory]
    [InlineData("2339-0", "2601-3")]
    [InlineData("2339-0", "2601\\u002d3")]
    [InlineData("\"code\":\"2339-0\"", "\"c\\u006fde\":\"2601-3\"")]
    [InlineData("\"code\":\"2339-0\"", "\"code\" : \"2601-3\"")]
    [InlineData("\"code\":{", "\"code\": {\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2601-3\"}]},\"x\":{")]
    [InlineData("\"subject\"", "\"component\":[{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2601-3\"}]}}],\"subject\"")]
    [InlineData("\"subject\"", "\"c\\u006fmponent\":[{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2601-3\"}]}}],\"subject\"")]
    [InlineData("\"status\"", "\"component\":[{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2601-3\"}]}}],\"status\"")]
    [InlineData("{\"system\":\"http://loinc.org\",", "{\"system\":\"http://loinc.org\",\"code\":\"2601-3\"},{\"system\":\"http://loinc.org\",")]
    [InlineData("\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2339-0\",\"display\":\"Glucose\"}],\"text\":\"Glucose\"}", "\"code\":\"2601-3\"")]
    [InlineData("\"code\":\"2339-0\"", "\"code\":2339")]
    [InlineData("\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2339-0\",\"display\":\"Glucose\"}]", "\"coding\":{}")]
    [InlineData("\"text\":\"Glucose\"", "\"text\":1")]
    [InlineData("\"text\":\"Glucose\"", "\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2601-3\"}]")]
    [InlineData("{\"resourceType\":\"Observation\",", "{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2601-3\"}]},\"resourceType\":\"Observation\",\"_c\":{},\"was\":")]
    public void What_bears_on_a_rule_is_kept_however_it_is_written(string text, string other)
    {
        Assert.Contains(text, Glucose, StringComparison.Ordinal);
        var line = Glucose.Replace(text, other, StringComparison.Ordinal);
        if (other.EndsWith("\"was\":", StringComparison.Ordinal))
        {
            line = line.Replace("\"was\":\"id\"", "\"id\"", StringComparison.Ordinal).Replace(",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"2339-0\",\"display\":\"Glucose\"}],\"text\":\"Glucose\"}", "", StringComparison.Ordinal);
        }

        Assert.Equal(LineReading.Kept, Read(line, mayBeCut: false).Reading);
    }

    [Fact]
    public void What_bears_on_no_rule_is_passed_over()
    {
        Assert.Equal(LineReading.PassedOver, Read(Glucose, mayBeCut: false).Reading);
        Assert.Equal(LineReading.PassedOver, Read(Glucose.Replace("\"id\":\"o1\"", "\"id\":\"o1\",\"text\":{\"div\":\"<p class=\\\"x\\\">2601-3 {[</p>\"}", StringComparison.Ordinal), mayBeCut: false).Reading);

        // Not even looked at: what is broken behind the code costs nothing.
        Assert.Equal(LineReading.PassedOver, Read(Glucose.Replace("\"value\":5.1", "\"value\":", StringComparison.Ordinal), mayBeCut: false).Reading);
        Assert.Equal(LineReading.Fault, Read(Glucose.Replace("\"value\":5.1", "\"value\":", StringComparison.Ordinal), mayBeCut: true).Reading);
    }

    [Fact]
    public void With_and_without_it_the_same_is_kept_of_generated_patients()
    {
        var random = new Random(5);
        foreach (var line in Population.Generate(2_000, seed: 31).Append(Glucose))
        {
            foreach (var text in (string[])[line, Padded(line, random)])
            {
                var (quick, whole) = (Read(text, mayBeCut: false), Read(text, mayBeCut: true));
                Assert.True(quick.Reading == whole.Reading && quick.Record.AsSpan().SequenceEqual(whole.Record), text);
            }
        }
    }

    [Theory]
    [InlineData("\"I10\"", "\"G43.909\"")]
    [InlineData("\"I10\"", "\"G43\\u002e909\"")]
    [InlineData("\"I10\"", "10")]
    [InlineData("http://hl7.org/fhir/sid/icd-10-cm", "https://hospital.example/codes")]
    [InlineData("\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\",", "")]
    [InlineData("\"Patient/p1\"", "\"Practitioner/p1\"")]
    [InlineData("\"Patient/p1\"", "1")]
    [InlineData("\"reference\"", "\"display\"")]
    [InlineData("{\"reference\":\"Patient/p1\"}", "\"Patient/p1\"")]
    [InlineData("\"2020-01-02\"", "2020")]
    [InlineData("{\"coding\":[{\"code\":\"active\"}]}", "[\"active\"]")]
    [InlineData("\"id\":\"c1\"", "\"id\":[\"c1\"]")]
    [InlineData("\"onsetDateTime\":\"2020-01-02\"", "\"onsetPeriod\":\"2020\"")]
    public void A_condition_that_is_to_be_said_anything_of_is_kept(string text, string other)
    {
        Assert.Contains(text, Hypertension, StringComparison.Ordinal);
        Assert.Equal(LineReading.PassedOver, Read(Hypertension, mayBeCut: false).Reading);
        Assert.Equal(LineReading.Kept, Read(Hypertension.Replace(text, other, StringComparison.Ordinal), mayBeCut: false).Reading);
    }

    [Fact]
    public void What_betrays_another_version_is_reported_also_where_no_rule_asks_for_it()
    {
        Assert.Equal(LineReading.Fault, Read(Hypertension.Replace("{\"coding\":[{\"code\":\"active\"}]},\"verificationStatus\":{\"coding\":[{\"code\":\"confirmed\"}]}", "\"active\",\"verificationStatus\":\"confirmed\"", StringComparison.Ordinal), mayBeCut: false).Reading);
        Assert.Equal(LineReading.Fault, Read("""{"resourceType":"Encounter","id":"e1","status":"finished","class":[{"coding":[{"code":"AMB"}]}]}""", mayBeCut: false).Reading);
        Assert.Equal(LineReading.Fault, Read("""{"resourceType":"Encounter","id":"e1","status":"finished","actualPeriod":{"start":"2020"}}""", mayBeCut: false).Reading);
    }

    [Theory]
    [InlineData("\"finished\"", "\"in-progress\"")]
    [InlineData("\"finished\"", "\"in\\u002dprogress\"")]
    [InlineData("\"finished\"", "7")]
    [InlineData("\"period\"", "\"reasonReference\":[{\"reference\":\"Condition/c1\"}],\"period\"")]
    [InlineData("\"period\"", "\"diagnosis\":[{\"condition\":{\"reference\":\"Condition/c1\"}}],\"period\"")]
    [InlineData("\"period\"", "\"re\\u0061sonCode\":[{\"coding\":[{\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":\"G43.909\"}]}],\"period\"")]
    public void An_encounter_that_goes_on_or_may_replace_one_is_kept(string text, string other)
    {
        const string Visit = """{"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p1"},"period":{"start":"2020-01-02"}}""";
        Assert.Equal(LineReading.PassedOver, Read(Visit, mayBeCut: false).Reading);
        Assert.Equal(LineReading.Kept, Read(Visit.Replace(text, other, StringComparison.Ordinal), mayBeCut: false).Reading);
    }

    [Theory]
    [InlineData("8462-4", "2601-3", LineReading.Kept)]
    [InlineData("\"8462-4\"", "\"2601\\u002d3\"", LineReading.Kept)]
    [InlineData("{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8462-4\"}]}", "\"8462-4\"", LineReading.Kept)]
    [InlineData("[{\"code\":{\"coding\"", "{\"code\":{\"coding\"", LineReading.Fault)]
    [InlineData("\"value\":61", "\"value\":\"61\"", LineReading.PassedOver)]
    public void Components_are_looked_at(string text, string other, LineReading expected)
    {
        const string Pressure = """{"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{"reference":"Patient/p1"},"component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":61,"code":"mm[Hg]"}}]}""";
        Assert.Equal(LineReading.PassedOver, Read(Pressure, mayBeCut: false).Reading);
        Assert.Equal(expected, Read(Pressure.Replace(text, other, StringComparison.Ordinal), mayBeCut: false).Reading);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void With_and_without_it_the_same_is_kept_of_random_resources(int seed)
    {
        var lines = new RandomLines(seed);
        var seen = new Dictionary<LineReading, int>();
        for (var i = 0; i < 40_000; i++)
        {
            var line = lines.Next();
            var (quick, whole) = (Read(line, mayBeCut: false), Read(line, mayBeCut: true));
            Assert.True(quick.Reading == whole.Reading && quick.Record.AsSpan().SequenceEqual(whole.Record), line);
            seen[whole.Reading] = seen.GetValueOrDefault(whole.Reading) + 1;
        }

        Assert.All(Enum.GetValues<LineReading>(), reading => Assert.InRange(seen.GetValueOrDefault(reading), 20, 39_000));
    }

    private const string Hypertension = """{"resourceType":"Condition","id":"c1","clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"confirmed"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10","display":"Hypertension"}]},"subject":{"reference":"Patient/p1"},"onsetDateTime":"2020-01-02"}""";
    private static readonly LabelTable Labels = new();
    private static readonly PopulationReader Reader = new(Knowledge.BuiltIn, Labels);

    // Another element in front moves everything, also over the edges of blocks.
    private static string Padded(string line, Random random) =>
        !line.Contains(',', StringComparison.Ordinal) ? line : line.Insert(line.IndexOf(',', StringComparison.Ordinal), $",\"_pad\":[[\"{new string('x', random.Next(130))}]\",{{}}],\"_two\":\"y\"");

    private static (LineReading Reading, byte[] Record) Read(string line, bool mayBeCut)
    {
        var reading = Reader.Read(Encoding.UTF8.GetBytes(line), new(0, 1), new(0, 0), mayBeCut);
        return (reading, reading == LineReading.Kept ? Reader.Record.ToArray() : []);
    }
}
