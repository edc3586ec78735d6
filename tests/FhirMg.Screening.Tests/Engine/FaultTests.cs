using System.IO.Compression;
using System.Text;

namespace FhirMg.Screening.Tests.Engine;

/// <summary>What is wrong with input is named and costs no more than itself.</summary>
public sealed class FaultTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p1","birthDate":"1980-05-05"}""";

    [Fact]
    public async Task A_last_line_that_is_cut_off_is_named_also_where_no_rule_asks_for_it()
    {
        using var place = new Workplace();
        place.Write("a.ndjson", $"{Patient}\n{Serum("o1", "0.61")}\n{{\"resourceType\":\"Procedure\",\"id\":\"x\",\"code\":{{\"text\":\"a\"}}");
        var outcome = await place.Screen();
        var fault = Assert.Single(outcome.Faults);
        Assert.Equal(3, fault.Line);
        Assert.Contains("cut off", fault.Advice, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"mild\"", Assert.Single(place.Lines("reports.ndjson")), StringComparison.Ordinal);
        Assert.Contains(place.Lines("set-aside.csv"), row => row.Contains("a.ndjson,3,,unreadable,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_named_and_the_rest_counts()
    {
        using var place = new Workplace();
        var padding = new string('x', 5_000_000);
        place.Write("a.ndjson", $"{Patient}\n{{\"resourceType\":\"Observation\",\"id\":\"{padding}\"}}\n{Serum("o1", "0.61")}\n");
        var outcome = await place.Screen(place.Options() with { LongestLine = 2_000_000 });
        Assert.Equal(2, Assert.Single(outcome.Faults).Line);
        Assert.Equal(2, outcome.Resources);
        Assert.Contains("\"status\":\"mild\"", Assert.Single(place.Lines("reports.ndjson")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_line_within_the_limit_is_read()
    {
        using var place = new Workplace();
        var long1 = Serum("o1", "0.61").Replace("\"id\"", $"\"text\":{{\"div\":\"{new string('x', 5_000_000)}\"}},\"id\"", StringComparison.Ordinal);
        place.Write("a.ndjson", $"{long1}\n{Patient}\n");
        var outcome = await place.Screen();
        Assert.Empty(outcome.Faults);
        Assert.Contains("\"status\":\"mild\"", Assert.Single(place.Lines("reports.ndjson")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_vanishes_is_named_and_the_others_count()
    {
        using var place = new Workplace();
        place.Write("a.ndjson", $"{Patient}\n{Serum("o1", "0.61")}\n");
        File.CreateSymbolicLink(Path.Combine(place.In, "b.ndjson"), Path.Combine(place.In, "gone"));
        var outcome = await place.Screen();
        Assert.Contains("b.ndjson", Assert.Single(outcome.Faults).Source, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Patients);
    }

    [Theory]
    [InlineData("<html>Sign in</html>", "XML or HTML")]
    [InlineData("\uFEFF{}", "no resourceType")]
    [InlineData("""{"resourceType":"Bundle","entry":[]}""", "Bundle")]
    [InlineData("""{"resourceType":"MedicationOrder"}""", "DSTU2")]
    [InlineData("""["no object"]""", "no JSON object")]
    [InlineData("""{"resourceType":"Patient","id":}""", "no valid JSON")]
    public async Task What_is_no_resource_is_named(string line, string problem)
    {
        using var place = new Workplace();
        place.Write("a.ndjson", $"{line}\n");
        place.Write("b.ndjson", $"{Patient}\n");
        var outcome = await place.Screen();
        Assert.Contains(problem, Assert.Single(outcome.Faults).Problem, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Patients);
    }

    [Theory]
    [InlineData("{\n  \"resourceType\": \"Bundle\",\n  \"entry\": [\n  ]\n}\n")]
    [InlineData("\uFEFF\r\n{\r\n  \"resourceType\": \"Patient\"\r\n}")]
    [InlineData("[ \n{\"resourceType\":\"Patient\",\"id\":\"x\"}\n]\n")]
    public async Task One_document_over_several_lines_is_named_once_with_what_to_do(string document)
    {
        using var place = new Workplace();
        place.Write("a.ndjson", document);
        place.Write("b.ndjson", $"{Patient}\n");
        var outcome = await place.Screen();
        var fault = Assert.Single(outcome.Faults);
        Assert.Null(fault.Line);
        Assert.Contains("jq -c", fault.Advice, StringComparison.Ordinal);
        Assert.Contains("fhirmg evaluate", fault.Advice, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Patients);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_cost_their_resource()
    {
        using var place = new Workplace();
        var bytes = Encoding.UTF8.GetBytes($"{Patient}\n{Serum("o1", "0.61")}\n{Serum("o2", "0.90").Replace("2026-01-02", "2026-01-0?", StringComparison.Ordinal)}\n");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        place.Write("a.ndjson", bytes);
        await place.Screen();
        var report = Assert.Single(place.Lines("reports.ndjson"));
        Assert.Contains("\"status\":\"mild\"", report, StringComparison.Ordinal);
        Assert.Contains("""{"resource":"Observation/o2","reason":"malformed"}""", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Packed_files_are_read_as_plain_ones(string packing)
    {
        using var place = new Workplace();
        var lines = Population.Generate(300, seed: 11);
        place.Spread(lines, 3, seed: 1);
        await place.Screen();
        var expected = place.Result("reports.ndjson");
        foreach (var file in Directory.GetFiles(place.In))
        {
            var content = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            File.Delete(file);
            await File.WriteAllBytesAsync(file + (packing == "gzip" ? ".gz" : ".zst"), Pack(content, packing), TestContext.Current.CancellationToken);
        }

        var outcome = await place.Screen();
        Assert.Empty(outcome.Faults);
        Assert.Equal(expected, place.Result("reports.ndjson"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_packed_file_that_breaks_off_is_named_and_what_came_before_counts(string packing)
    {
        using var place = new Workplace();
        var random = new Random(1);
        var lines = new StringBuilder($"{Patient}\n{Serum("o1", "0.61")}\n");
        for (var i = 0; i < 60_000; i++)
        {
            lines.Append($"{{\"resourceType\":\"Procedure\",\"id\":\"{random.NextInt64()}\"}}\n");
        }

        var packed = Pack(Encoding.UTF8.GetBytes(lines.ToString()), packing);
        place.Write("a.ndjson.packed.ndjson", packed[..(packed.Length * 9 / 10)]);
        var outcome = await place.Screen();
        Assert.Contains("from here on", Assert.Single(outcome.Faults).Problem, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"mild\"", Assert.Single(place.Lines("reports.ndjson")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_without_a_readable_subject_is_named_once()
    {
        using var place = new Workplace();
        place.Write("a.ndjson", $"{Patient}\n{Patient.Replace("p1", "p2", StringComparison.Ordinal)}\n{Serum("o9", "0.61").Replace("Patient/p1", "urn:uuid:x", StringComparison.Ordinal)}\r\n\r\n");
        var outcome = await place.Screen();
        Assert.Equal(1, outcome.WithoutSubject);
        var reports = place.Lines("reports.ndjson");
        Assert.Equal(2, reports.Length);
        Assert.All(reports, report => Assert.Contains("\"setAside\":[]", report, StringComparison.Ordinal));
        Assert.EndsWith("a.ndjson,3,Observation/o9,subject,,", Assert.Single(place.Lines("set-aside.csv").Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_that_nobody_knows_is_named_as_it_was_written()
    {
        using var place = new Workplace();
        place.Write("a.ndjson", $"{Patient}\n{Serum("o1", "0.61").Replace("mmol/L", "furlong, \\\"old\\\"", StringComparison.Ordinal)}\n");
        await place.Screen();
        Assert.EndsWith("a.ndjson,2,Observation/o1,unit,\"furlong, \"\"old\"\"\",", Assert.Single(place.Lines("set-aside.csv").Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_screen_is_said()
    {
        using var place = new Workplace();
        var nothing = await Assert.ThrowsAsync<ScreeningException>(() => place.Screen(place.Options() with { Inputs = [place.In, "/nowhere"] }));
        Assert.Contains("/nowhere", nothing.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(place.Out, ".screening")));
    }

    internal static string Serum(string id, string value, string subject = "Patient/p1", string meta = "") => $$$"""
        {"resourceType":"Observation","id":"{{{id}}}",{{{meta}}}"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2601-3"}]},"subject":{"reference":"{{{subject}}}"},"effectiveDateTime":"2026-01-02","valueQuantity":{"value":{{{value}}},"unit":"mmol/L"}}
        """;

    private static byte[] Pack(byte[] content, string packing)
    {
        using var packed = new MemoryStream();
        using (Stream stream = packing == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest) : new ZstdSharp.CompressionStream(packed))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }
}
