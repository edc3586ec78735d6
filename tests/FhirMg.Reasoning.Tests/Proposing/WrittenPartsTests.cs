using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Model;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Tests.Proposing;

/// <summary>Texts, times and digests are written as they always were: others keep them.</summary>
public sealed class WrittenPartsTests
{
    private static readonly string?[][] Parts =
    [
        [],
        [""],
        [null, "", null],
        ["Patient/1", "http://example.org/plan|1.0.0", "RX-1"],
        ["ab", "c"],
        ["a", "bc"],
        ["Пациент/ё", "😀", "\ud83d", "é\n"],
        [new string('x', 600), "a"],
        ["a", new string('я', 500), null, new string('z', 5000), "😀"],
    ];

    private static readonly string[] Texts =
        ["", "plain", "two\nlines\n\nand \"quotes\" \\ / <b> & \t \u0001\u2028", "Ёж – 😀 ≤ 0,5", "\ud83d alone", new string('"', 300), $"{new string('a', 5000)}\n"];

    [Fact]
    public void A_digest_is_that_of_its_parts_with_their_lengths() => Assert.All(Parts, parts =>
    {
        var text = string.Concat(parts.Select(part => part is null ? "-|" : $"{part.Length}:{part}|"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), Digest.Of(parts));
    });

    [Fact]
    public void A_part_of_a_JSON_string_is_the_string_without_its_quotation_marks() => Assert.All(Texts, text =>
    {
        byte[] quoted = [.. "\""u8, .. JsonText.PartOf(text), .. "\""u8];
        Assert.Equal(JsonText.Of(text), quoted);
        Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), JsonSerializer.Deserialize<string>(quoted));
        var output = new ArrayBufferWriter<byte>();
        JsonText.WritePart(output, text);
        Assert.Equal(JsonText.PartOf(text), output.WrittenSpan.ToArray());
    });

    [Theory]
    [InlineData("2026-11-23T00:00:00Z")]
    [InlineData("2026-11-23T23:59:59.5Z")]
    [InlineData("2026-11-23T12:00:00.1521896Z")]
    [InlineData("2026-11-23T12:00:00.1200000Z")]
    [InlineData("2024-02-29T03:04:05.0000001+05:30")]
    [InlineData("1999-12-31T23:59:59-11:00")]
    [InlineData("0987-01-01T00:00:00Z")]
    public void A_time_is_written_as_the_FHIR_library_writes_it(string time)
    {
        var asOf = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var assessment = ReportOf.Assess(File.ReadAllBytes(Repository.Path("fhir-samples", "adult-mild-with-migraine", "bundle.json")), asOf)[0];
        var composer = new Composer(assessment, Language.English);
        Assert.Equal(JsonText.Of(new FhirDateTime(asOf.ToUniversalTime()).Value!), composer.WhenJson);
        Assert.Equal(JsonText.Of(composer.When.Value!), composer.WhenJson);
    }
}
