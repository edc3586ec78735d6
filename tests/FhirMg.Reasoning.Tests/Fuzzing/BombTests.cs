using System.Diagnostics;
using System.Text;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>Input made to exhaust a reader: depth, length, size of numbers. It costs its resource, and little time.</summary>
public sealed class BombTests
{
    private const int Levels = 100_000;
    private const int Many = 20_000;
    private const int Megabytes50 = 50 * 1024 * 1024;
    private const string Serum = """
        {"resource":{"resourceType":"Observation","id":"good","status":"final","subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-11-01",
        "code":{"coding":[{"system":"http://loinc.org","code":"2601-3"}]},"valueQuantity":{"value":0.6,"unit":"mmol/L"}}}
        """;

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(10);

    public static TheoryData<string, string, string> Nests => new()
    {
        { "Observation", "\"extension\":[{", "\"extension\":[{" },
        { "Observation", "\"component\":[{", "\"component\":[{" },
        { "Observation", "\"valueRange\":{\"low\":{", "\"low\":{" },
        { "Observation", "\"code\":{\"coding\":[{", "\"coding\":[{" },
        { "Patient", "\"contained\":[{\"resourceType\":\"Patient\",", "\"contained\":[{\"resourceType\":\"Patient\"," },
        { "Condition", "\"code\":{", "\"code\":{" },
        { "QuestionnaireResponse", "\"item\":[{", "\"item\":[{" },
        { "QuestionnaireResponse", "\"item\":[{", "\"answer\":[{\"item\":[{" },
        { "Encounter", "\"diagnosis\":[{", "\"condition\":{" },
        { "MedicationRequest", "\"medicationCodeableConcept\":{", "\"coding\":[{" },
        { "Basic", "\"extension\":[{", "\"extension\":[{" },
        { "Bundle", "\"entry\":[{\"resource\":{\"resourceType\":\"Basic\",", "\"contained\":[{" },
    };

    [Theory]
    [MemberData(nameof(Nests))]
    public void A_hundred_thousand_levels_cost_only_their_resource(string type, string first, string level)
    {
        var json = new StringBuilder().Append("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"").Append(type)
            .Append("\",\"id\":\"deep\",\"subject\":{\"reference\":\"Patient/p1\"},").Append(first);
        json.Insert(json.Length, level, Levels).Append("\"x\":1");
        Close(json);
        json.Append(',').Append(Serum).Append("]}");
        Assert.Equal("mild", Status(Encoding.UTF8.GetBytes(json.ToString())));
    }

    [Fact]
    public void Bundles_nested_a_hundred_thousand_deep_end_in_documents_or_a_fault() =>
        ChildProcess.Pass(typeof(BombTests), nameof(Nested_bundles_in_a_process_of_their_own), within: 2 * Enough);

    [Fact(Explicit = true)]
    public void Nested_bundles_in_a_process_of_their_own()
    {
        var json = new StringBuilder().Insert(0, "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":", Levels).Append("null");
        json.Insert(json.Length, "}]}", Levels);
        Chain.Run(Encoding.UTF8.GetBytes(json.ToString()), "test.json", ReportOf.AsOf, propose: false);
    }

    [Theory]
    [InlineData("\"id\":\"", "\"")]
    [InlineData("\"status\":\"", "\"")]
    [InlineData("\"code\":{\"text\":\"", "\"}")]
    [InlineData("\"valueQuantity\":{\"value\":0.6,\"unit\":\"", "\"}")]
    [InlineData("\"effectiveDateTime\":\"", "\"")]
    [InlineData("\"", "\":1")]
    public void A_text_of_50_MB_costs_only_its_resource(string before, string after)
    {
        var head = Encoding.UTF8.GetBytes($"{{\"resourceType\":\"Bundle\",\"entry\":[{Serum},{{\"resource\":{{\"resourceType\":\"Observation\",\"subject\":{{\"reference\":\"Patient/p1\"}},{before}");
        var tail = Encoding.UTF8.GetBytes($"{after}}}}}]}}");
        var json = new byte[head.Length + Megabytes50 + tail.Length];
        head.CopyTo(json, 0);
        json.AsSpan(head.Length, Megabytes50).Fill((byte)'x');
        tail.CopyTo(json, head.Length + Megabytes50);
        Assert.Equal("mild", Status(json));
    }

    [Theory]
    [InlineData("1e400", "implausible")]
    [InlineData("1e-400", "implausible")]
    [InlineData("-1e400", "implausible")]
    [InlineData("123456789012345678901234567890", "implausible")]
    [InlineData("1e999999999999", "implausible")]
    public void Numbers_beyond_every_type_are_set_aside(string value, string reason)
    {
        var json = $"{{\"resourceType\":\"Bundle\",\"entry\":[{Serum.Replace("0.6", value, StringComparison.Ordinal)}]}}";
        var report = ReportOf.Json(Encoding.UTF8.GetBytes(json), ReportOf.AsOf)["reports"]![0]!;
        Assert.Equal(reason, (string?)report["setAside"]![0]!["reason"]);
    }

    [Fact]
    public void A_value_with_30_digits_is_read_as_near_as_decimal_can()
    {
        var json = $"{{\"resourceType\":\"Bundle\",\"entry\":[{Serum.Replace("0.6", "0.600000000000000000000000000001", StringComparison.Ordinal)}]}}";
        Assert.Equal("mild", Status(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Twenty_thousand_references_into_twenty_thousand_contained_conditions_take_little_time()
    {
        var contained = string.Join(',', Enumerable.Range(0, Many).Select(i => $"{{\"resourceType\":\"Condition\",\"id\":\"c{i}\"}}"));
        var references = string.Join(',', Enumerable.Range(0, Many).Select(i => $"{{\"reference\":\"#c{i}\"}}"));
        Assert.Equal("mild", Status(WithSerum(
            $"{{\"resource\":{{\"resourceType\":\"Encounter\",\"status\":\"in-progress\",\"subject\":{{\"reference\":\"Patient/p1\"}},\"contained\":[{contained}],\"reasonReference\":[{references}]}}}}")));
    }

    [Fact]
    public void Twenty_thousand_incomplete_questionnaires_take_little_time() => Assert.Equal("mild", Status(WithSerum(string.Join(',', Enumerable.Range(0, Many).Select(i =>
        $"{{\"resource\":{{\"resourceType\":\"QuestionnaireResponse\",\"id\":\"q{i}\",\"status\":\"completed\",\"questionnaire\":\"{FhirMg.Reasoning.Knowing.Knowledge.BuiltIn.QuestionnaireUrl}\",\"authored\":\"2026-11-01\",\"subject\":{{\"reference\":\"Patient/p1\"}}}}}}")))));

    private static byte[] WithSerum(string entries) => Encoding.UTF8.GetBytes($"{{\"resourceType\":\"Bundle\",\"entry\":[{Serum},{entries}]}}");

    private static string? Status(byte[] json)
    {
        var watch = Stopwatch.StartNew();
        Chain.Run(json, "test.json", ReportOf.AsOf, propose: false);
        var report = ReportOf.Json(json, ReportOf.AsOf)["reports"]!.AsArray().Single(one => (string?)one!["patient"] == "Patient/p1")!;
        Assert.True(watch.Elapsed < Enough, $"{watch.Elapsed}");
        return (string?)report["serum"]!["status"];
    }

    // Closes whatever is open, but for the entries.
    private static void Close(StringBuilder json)
    {
        var open = new Stack<char>();
        var text = json.ToString();
        var inText = false;
        foreach (var c in text)
        {
            inText ^= c == '"';
            if (!inText && c is '{' or '[')
            {
                open.Push(c == '{' ? '}' : ']');
            }
            else if (!inText && c is '}' or ']')
            {
                open.Pop();
            }
        }

        while (open.Count > 2)
        {
            json.Append(open.Pop());
        }
    }
}
