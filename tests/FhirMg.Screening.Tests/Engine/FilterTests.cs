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
