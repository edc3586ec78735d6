using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Proposing;
using FhirMg.Reasoning.Tests.Naive;
using Hl7.Fhir.Serialization;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Tests.Proposing;

/// <summary>A transaction written from templates is the one that the FHIR library writes, byte for byte.</summary>
public sealed class ProposalWriterTests
{
    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.Russian)]
    public void Every_sample_is_written_as_the_library_does(Language language)
    {
        var writer = new ProposalWriter(language);
        var assessments = Directory.GetDirectories(Repository.Path("fhir-samples"))
            .SelectMany(folder => ReportOf.Assess(File.ReadAllBytes(Path.Combine(folder, "bundle.json")), ReportOf.AsOf)).ToList();
        Assert.True(assessments.Count(assessment => !assessment.Proposed.IsEmpty) > 10);
        assessments.ForEach(assessment => AssertSame(writer, assessment, language));
    }

    [Theory]
    [InlineData(Language.English, 11)]
    [InlineData(Language.Russian, 12)]
    public void Generated_patients_are_written_as_the_library_does(Language language, int seed)
    {
        var writer = new ProposalWriter(language);
        var generator = new PatientGenerator(seed);
        var proposed = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var (document, asOf) = generator.Next();
            foreach (var assessment in ReportOf.Assess(Encoding.UTF8.GetBytes(Text(document)), asOf))
            {
                AssertSame(writer, assessment, language);
                proposed += assessment.Proposed.IsEmpty ? 0 : 1;
            }
        }

        Assert.True(proposed > 1_000, $"only {proposed} have proposals");
    }

    [Fact]
    public void Templates_that_were_forgotten_are_made_again()
    {
        // The time is part of a Provenance's template, so that there are more of them than are kept.
        var writer = new ProposalWriter(Language.English);
        var sample = Directory.GetDirectories(Repository.Path("fhir-samples")).Select(folder => File.ReadAllBytes(Path.Combine(folder, "bundle.json")))
            .First(bundle => ReportOf.Assess(bundle, ReportOf.AsOf).Any(assessment => !assessment.Proposed.IsEmpty));
        for (var minute = 0; minute < 1_100; minute++)
        {
            foreach (var assessment in ReportOf.Assess(sample, ReportOf.AsOf.AddMinutes(minute)))
            {
                AssertSame(writer, assessment, Language.English);
            }
        }
    }

    // Some are one resource a line.
    private static string Text(JsonNode document) =>
        document is JsonArray resources ? string.Join('\n', resources.Select(resource => resource!.ToJsonString())) : document.ToJsonString();

    private static void AssertSame(ProposalWriter writer, Assessment assessment, Language language)
    {
        var written = new ArrayBufferWriter<byte>();
        writer.Write(written, assessment);
        var expected = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(expected, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            new FhirJsonSerializer().Serialize(ProposalBundle.Of([assessment], language), json);
        }

        if (!expected.WrittenSpan.SequenceEqual(written.WrittenSpan))
        {
            Assert.Equal(Encoding.UTF8.GetString(expected.WrittenSpan), Encoding.UTF8.GetString(written.WrittenSpan));
        }
    }
}
