using System.Text;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>Values and names that a careless reader trips over, as raw JSON.</summary>
internal static class Extremes
{
    private const int Deep = 2000;

    public static readonly byte[][] Values =
    [
        .. new[]
        {
            "null", "true", "false", "0", "-0", "-1", "1e400", "-1e400", "1e-400", "9.9e28", "123456789012345678901234567890", "-123456789012345678901234567890",
            "0.123456789012345678901234567890123", "1e15", "0.0000001", "0.7", "10", "10.0000000000000000000000000001", "\"\"", "\" \"", "\"0.7\"",
            """ "\ud800" """, """ "x\udc00y" """, """ "\ud83d\ude00" """, """ "\u0000" """, """ "\u0070atient" """, "\"#\"", "\"#a\"", "\"/\"", "\"Patient/\"",
            "\"Patient/p1\"", "\"Patient/p1/_history/2\"", "\"/_history/\"", "\"urn:uuid:0\"", "\"http://\"", "\"|\"", "\"<\"", "\"~\"", "[]", "{}", "[[]]", "[{}]",
            "[null]", "[[{}]]", "{\"\":null}", "{\"coding\":{}}", "{\"coding\":[null]}", "{\"coding\":[{\"code\":5}]}", "{\"reference\":[]}", "{\"value\":\"1\"}",
            "\"2026-02-30\"", "\"9999-12-31T23:59:59.9999999999999-14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"0001\"", "\"9999\"", "\"0000\"", "\"2026-11\"",
            "\"2026-11-23T23:59:60Z\"", "\"2026-11-23T00:00:00\"", "\"2026-11-2é\"", "\"entered-in-error\"", "\"active\"", "\"completed\"", "\"in-progress\"",
        }.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(new string('[', Deep) + new string(']', Deep)),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"item\":[", Deep)) + string.Concat(Enumerable.Repeat("]}", Deep))),
        Encoding.UTF8.GetBytes($"\"{new string('x', 5000)}\""),
        [(byte)'"', 0xFF, 0xFE, (byte)'"'],
        [(byte)'"', 0xC3, (byte)'"'],
        [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'],
    ];

    /// <summary>The values that many of fit into one text.</summary>
    public static readonly byte[][] ShortValues = [.. Values.Where(value => value.Length < 1000)];

    public static readonly byte[][] Names =
    [
        .. new[]
        {
            """ "\ud800" """, """ "i\ud800" """, """ "\u0069d" """, """ "resource\u0054ype" """, "\"\"", "\"id\"", "\"resourceType\"", "\"contained\"", "\"subject\"", "\"patient\"", "\"fullUrl\"",
            "\"resource\"", "\"entry\"", "\"status\"", "\"code\"", "\"component\"", "\"valueQuantity\"", "\"valueRange\"", "\"low\"", "\"item\"", "\"answer\"", "\"linkId\"",
            "\"reaction\"", "\"ingredient\"", "\"reasonReference\"", "\"diagnosis\"", "\"deceasedBoolean\"", "\"birthDate\"", "\"effectivePeriod\"", "\"meta\"", "\"request\"", "\"type\"",
        }.Select(Encoding.UTF8.GetBytes),
        [(byte)'"', 0xFF, (byte)'"'],
    ];
}
