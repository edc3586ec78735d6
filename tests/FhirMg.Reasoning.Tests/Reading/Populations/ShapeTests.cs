using System.Globalization;
using System.Text;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Tests.Fuzzing;

namespace FhirMg.Reasoning.Tests.Reading.Populations;

/// <summary>A line whose shape was seen before is read as one that nobody has seen the like of.</summary>
public sealed class ShapeTests
{
    private const string Magnesium = """{"resourceType":"Observation","id":"o1","meta":{"versionId":"1","lastUpdated":"2025-04-10T22:58:00.456Z","profile":["http://p.example/a"]},"status":"final","category":[{"coding":[{"system":"http://c.example","code":"laboratory","display":"Laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"2601-3","display":"Magnesium"}],"text":"Magnesium"},"subject":{"reference":"Patient/p1","display":"N. N."},"encounter":{"reference":"Encounter/e1"},"effectiveDateTime":"2025-04-10T19:58:00+01:00","issued":"2025-04-10T21:58:00.123+01:00","valueQuantity":{"value":0.56,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"},"referenceRange":[{"low":{"value":0.66,"unit":"mmol/L"},"high":{"value":1.07,"unit":"mmol/L"},"text":"0.66-1.07"}]}""";
    private const string Request = """{"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order","medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"40790","display":"pantoprazole"}],"text":"Pantoprazole"},"subject":{"reference":"Patient/p1"},"authoredOn":"2025-03-01","requester":{"reference":"Practitioner/x"},"dosageInstruction":[{"text":"once daily","route":{"coding":[{"system":"http://snomed.info/sct","code":"26643006"}]}}]}""";

    private const string Migraine = """{"resourceType":"Condition","id":"c1","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"verificationStatus":{"coding":[{"code":"confirmed"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"G43.1","display":"Migraine with aura"}]},"subject":{"reference":"Patient/p1"},"onsetDateTime":"2025-04-10","recordedDate":"2025-04-11"}""";

    private static readonly string[] Lines =
    [
        Magnesium, Request, Migraine,
        Migraine.Replace("\"active\"", "\"resolved\"", StringComparison.Ordinal).Replace("\"recordedDate\"", "\"abatementDateTime\"", StringComparison.Ordinal),
        Migraine.Replace("\"onsetDateTime\":\"2025-04-10\"", "\"onsetPeriod\":{\"start\":\"2025-04-09\",\"end\":\"2025-04-10\"}", StringComparison.Ordinal),
        Migraine.Replace("{\"system\":\"http://terminology.hl7.org/CodeSystem/condition-clinical\",\"code\":\"active\"}", "", StringComparison.Ordinal).Replace("recordedDate", "abatementString", StringComparison.Ordinal),
        Request.Replace("\"active\"", "\"completed\"", StringComparison.Ordinal),
        Magnesium.Replace("\"final\"", "\"preliminary\"", StringComparison.Ordinal),
        Magnesium.Replace("\"final\"", "\"cancelled\"", StringComparison.Ordinal),
        Magnesium.Replace("\"value\":0.56", "\"comparator\":\"<\",\"value\":0.56", StringComparison.Ordinal),
        Magnesium.Replace("\"effectiveDateTime\":\"2025-04-10T19:58:00+01:00\"", "\"effectivePeriod\":{\"start\":\"2025-04-09\",\"end\":\"2025-04-10\"}", StringComparison.Ordinal),
        Magnesium.Replace("\"subject\":{\"reference\":\"Patient/p1\"", "\"subject\":{\"reference\":\"https://other.example/fhir/Patient/p1\"", StringComparison.Ordinal),
        """{ "resourceType" : "Observation" , "code" : { "coding" : [ { "system" : "http://loinc.org" , "code" : "62238-1" } ] } , "status" : "final", "subject" : { "reference" : "Patient/p2" } , "effectiveInstant" : "2025-04-10T19:58:00Z" , "valueQuantity" : { "value" : 61 , "code" : "mL/min/{1.73_m2}", "system": "http://unitsofmeasure.org" } }""",
        """{"resourceType":"QuestionnaireResponse","id":"q1","questionnaire":"https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations","status":"completed","subject":{"reference":"Patient/p1"},"authored":"2025-04-10","item":[{"linkId":"cramps","text":"Cramps?","answer":[{"valueBoolean":true}]},{"linkId":"sleep","answer":[{"valueBoolean":false}]}]}""",
        """{"resourceType":"MedicationStatement","id":"s1","status":"active","medicationReference":{"reference":"Medication/x"},"subject":{"reference":"Patient/p1"},"effectivePeriod":{"start":"2025-01-01","end":"2025-02-01"}}""",
    ];

    [Fact]
    public void What_differs_only_in_its_texts_is_read_by_its_shape_and_as_ever()
    {
        var both = new Both();
        foreach (var line in Lines)
        {
            both.AssertSame(line);
        }

        // One of them is another only in the reference to its patient.
        Assert.Equal(1, both.ByShape);
        var seen = 1;
        foreach (var line in Lines)
        {
            both.AssertSame(line);
            both.AssertSame(line.Replace("p1", "пациент-2", StringComparison.Ordinal));
            both.AssertSame(line.Replace("2025-0", "2024-0", StringComparison.Ordinal).Replace("0.56", "1.1e-1", StringComparison.Ordinal).Replace(":61", ":60.9", StringComparison.Ordinal));
            Assert.Equal(seen += 3, both.ByShape);
        }
    }

    [Theory]
    [InlineData("0.56", "0.5600")]
    [InlineData("0.56", "-0.0")]
    [InlineData("0.56", "1e400")]
    [InlineData("0.56", "-98765432109876543210987654321098765432")]
    [InlineData("\"versionId\":\"1\"", "\"versionId\":\"\"")]
    [InlineData("\"Patient/p1\"", "\"Patient/\"")]
    [InlineData("\"Patient/p1\"", "\"Patient/p1/_history/3\"")]
    [InlineData("\"Patient/p1\"", "\"#p1\"")]
    [InlineData("\"Patient/p1\"", "\"Group/p1\"")]
    [InlineData("2025-04-10T19:58:00+01:00", "2025-13-10")]
    [InlineData("2025-04-10T19:58:00+01:00", "")]
    [InlineData("\"N. N.\"", "\"\"")]
    [InlineData("\"once daily\"", "\"\"")]
    [InlineData("\"onsetDateTime\":\"2025-04-10\"", "\"onsetDateTime\":\"2025\"")]
    [InlineData("\"onsetDateTime\":\"2025-04-10\"", "\"onsetDateTime\":\"\"")]
    [InlineData("\"2025-04-11\"", "\"\"")]
    public void Unusual_texts_in_a_shape_are_read_as_ever(string text, string other)
    {
        var both = new Both();
        var read = 0;
        foreach (var line in Lines.Where(line => line.Contains(text, StringComparison.Ordinal)))
        {
            both.AssertSame(line);
            both.AssertSame(line.Replace(text, other, StringComparison.Ordinal));
            read++;
        }

        Assert.True(read > 0 && both.ByShape >= read);
    }

    [Theory]
    [InlineData("0.56", "01")]
    [InlineData("0.56", ".5")]
    [InlineData("0.56", "0.56x")]
    [InlineData("0.56", "\"0.56\"")]
    [InlineData("0.56", "null")]
    [InlineData("\"id\":\"o1\"", "\"id\":\"o\\u0031\"")]
    [InlineData("\"id\":\"o1\"", "\"id\":\"o\u00011\"")]
    [InlineData("\"id\":\"o1\"", "\"id\":\"o1")]
    [InlineData("\"id\":\"o1\"", "\"id\":1")]
    [InlineData("\"id\":\"o1\"", "\"id\":\"o1\",\"id\":\"o2\"")]
    [InlineData("\"Encounter/e1\"", "\"a\\\"b\"")]
    [InlineData("\"Encounter/e1\"", "\"a\\xb\"")]
    [InlineData("\"Encounter/e1\"", "\"a\tb\"")]
    [InlineData("\"Encounter/e1\"", "7")]
    [InlineData("\"Encounter/e1\"", "{}")]
    [InlineData("\"final\"", "\"amended\"")]
    [InlineData("2601-3", "19123-9")]
    [InlineData("\"low\":{\"value\":0.66", "\"low\":{\"value\":0.67")]
    [InlineData("]}", "]} ")]
    [InlineData("\"category\"", "\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"c\"}],\"category\"")]
    [InlineData("{\"resourceType\":\"Observation\"", "{\"resourceType\":\"Condition\"")]
    [InlineData("\"active\"", "\"inactive\"")]
    [InlineData("\"confirmed\"", "\"refuted\"")]
    [InlineData("\"confirmed\"", "\"provisional\"")]
    [InlineData("G43.1", "G43.0")]
    [InlineData("G43.1", "I10")]
    [InlineData("\"onsetDateTime\":\"2025-04-10\"", "\"onsetDateTime\":2025")]
    [InlineData("\"recordedDate\"", "\"abatementDateTime\"")]
    [InlineData("\"intent\":\"order\"", "\"intent\":\"plan\"")]
    [InlineData("40790", "11124")]
    [InlineData("26643006", "47625008")]
    public void What_is_not_the_shape_is_not_taken_for_it(string text, string other)
    {
        var line = new[] { Magnesium, Request, Migraine }.First(line => line.Contains(text, StringComparison.Ordinal));
        var both = new Both();
        both.AssertSame(line);
        both.AssertSame(line.Replace(text, other, StringComparison.Ordinal));
        Assert.Equal(0, both.ByShape);
    }

    [Fact]
    public void Invalid_UTF8_in_a_text_of_a_shape_sets_aside_as_ever()
    {
        var both = new Both();
        both.AssertSame(Magnesium);
        foreach (var text in (string[])["o1", "Patient/p1", "N. N.", "2025-04-10T19", "Encounter/e1"])
        {
            var line = Encoding.UTF8.GetBytes(Magnesium);
            line[Magnesium.IndexOf(text, StringComparison.Ordinal)] = 0xFF;
            both.AssertSame(line);
        }

        Assert.Equal(5, both.ByShape);
    }

    [Fact]
    public void What_stands_in_a_Bundle_makes_no_shape_of_the_Bundle()
    {
        var both = new Both();
        for (var i = 0; i < 3; i++)
        {
            both.AssertSame($$"""{"resourceType":"Bundle","id":"b{{i}}","type":"collection","entry":[{"resource":{{Magnesium}}}]}""");
        }

        Assert.Equal(0, both.ByShape);
    }

    [Fact]
    public void Numbers_that_nobody_asks_for_are_no_part_of_a_shape()
    {
        var both = new Both();
        foreach (var number in (string[])["1", "2.50", "-3e2"])
        {
            both.AssertSame(Request.Replace("\"text\":\"once daily\"", $"\"doseAndRate\":[{{\"doseQuantity\":{{\"value\":{number}}}}}]", StringComparison.Ordinal));
        }

        both.AssertSame(Request.Replace("\"text\":\"once daily\"", "\"doseAndRate\":[{\"doseQuantity\":{\"value\":1x}}]", StringComparison.Ordinal));
        Assert.Equal(2, both.ByShape);
    }

    [Fact]
    public void What_was_read_before_it_was_known_that_no_rule_asks_for_it_is_no_part_of_a_shape()
    {
        var both = new Both();
        foreach (var (day, value) in (ReadOnlySpan<(string, string)>)[("01", "4.1"), ("02", "4.2"), ("03", "4")])
        {
            both.AssertSame($$$"""{"effectiveDateTime":"2026-01-{{{day}}}","valueQuantity":{"value":{{{value}}},"unit":"mmol/L"},"resourceType":"Observation","id":"o{{{day}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2823-3"}]},"subject":{"reference":"Patient/p"}}""");
        }

        Assert.Equal(2, both.ByShape);
    }

    [Fact]
    public void A_long_resource_is_not_kept_as_a_shape()
    {
        var both = new Both();
        for (var i = 0; i < 2; i++)
        {
            both.AssertSame(Magnesium.Replace("\"text\":\"Magnesium\"", $"\"text\":\"{new string('m', 20_000)}\"", StringComparison.Ordinal));
        }

        Assert.Equal(0, both.ByShape);
    }

    [Fact]
    public void Two_lines_that_part_behind_a_text_are_told_apart()
    {
        // The same up to the code; and one is the beginning of the other.
        var both = new Both();
        string[] lines = [Magnesium, Magnesium.Replace("\"text\":\"Magnesium\"", "\"text\":\"Magnesium in serum\"", StringComparison.Ordinal), Magnesium[..^1] + ",\"note\":[]}"];
        for (var round = 0; round < 3; round++)
        {
            Array.ForEach(lines, both.AssertSame);
        }

        Assert.Equal(2 * lines.Length, both.ByShape);
    }

    [Fact]
    public void Shapes_without_number_are_not_all_kept_and_nothing_is_lost()
    {
        var both = new Both();
        for (var i = 0; i < 3_000; i++)
        {
            both.AssertSame(Magnesium.Replace("\"text\":\"Magnesium\"", $"\"text\":\"Magnesium {i.ToString(CultureInfo.InvariantCulture)}\"", StringComparison.Ordinal));
        }

        Assert.Equal(0, both.ByShape);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Spoilt_lines_are_read_as_ever(int seed)
    {
        var (mutator, random, both) = (new Mutator(seed), new Random(seed), new Both());
        byte[][] lines = [.. Lines.Select(Encoding.UTF8.GetBytes)];
        for (var i = 0; i < 30_000; i++)
        {
            var line = lines[random.Next(lines.Length)];
            line = random.Next(3) == 0 ? line : mutator.Spoil(line, lines);
            both.AssertSame(line.AsSpan().Trim(" \t\r\n"u8).ToArray());
        }

        Assert.InRange(both.ByShape, 2_000, 12_000);
    }

    private sealed class Both
    {
        private readonly LabelTable _labels = new();
        private readonly PopulationReader _reader;

        public Both() => _reader = new(Knowledge.BuiltIn, _labels);

        public long ByShape => _reader.ReadByShape;

        public void AssertSame(string line) => AssertSame(Encoding.UTF8.GetBytes(line));

        public void AssertSame(byte[] line)
        {
            if (line.Length == 0)
            {
                return;
            }

            var fresh = new PopulationReader(Knowledge.BuiltIn, _labels);
            var (expected, reading) = (Of(fresh, line), Of(_reader, line));
            Assert.True(expected == reading, $"{Encoding.UTF8.GetString(line)}\n{expected}\n{reading}");
        }

        private static string Of(PopulationReader reader, byte[] line)
        {
            var reading = reader.Read(line, new(0, 7), new(0, 3));
            return reading == LineReading.Kept
                ? $"{Convert.ToHexString(reader.Record)} {reader.Partition} {reader.Identity} {reader.IsLoose}"
                : $"{reading} {reader.Fault}";
        }
    }
}
