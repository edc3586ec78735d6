using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Tests.Proposing;

/// <summary>What is suggested is what a write-back would create, byte for byte as the FHIR library writes it.</summary>
public sealed class SuggestedRequestTests
{
    public static TheoryData<string, Language> Cases
    {
        get
        {
            var cases = new TheoryData<string, Language>();
            foreach (var folder in Directory.GetDirectories(Repository.Path("fhir-samples")).Order(StringComparer.Ordinal))
            {
                cases.Add(Path.GetFileName(folder), Language.English);
                cases.Add(Path.GetFileName(folder), Language.Russian);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Writing_from_templates_gives_the_same_bytes(string name, Language language)
    {
        foreach (var (assessment, proposal, activity) in Suggestions(name))
        {
            var output = new ArrayBufferWriter<byte>();
            new SuggestedRequests(assessment, language).Write(output, proposal, activity);
            Assert.Equal(Serialized(new SuggestedRequests(assessment, language).Compose(proposal, activity)), System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_the_write_backs_resource_without_references_to_its_siblings(string name, Language language)
    {
        foreach (var (assessment, proposal, activity) in Suggestions(name).Where(one => ProposalBundle.CanBeReferredTo(one.Assessment)))
        {
            var suggested = new SuggestedRequests(assessment, language).Compose(proposal, activity);
            var identifier = ((IIdentifiable<List<Identifier>>)suggested).Identifier[0].Value;
            var written = (DomainResource)ProposalBundle.Of([assessment], language).Entry.Select(entry => entry.Resource)
                .Single(resource => resource is IIdentifiable<List<Identifier>> identified && resource.TypeName == suggested.TypeName && identified.Identifier[0].Value == identifier)!;
            if (written is MedicationRequest medicine)
            {
                medicine.DetectedIssue = [];
            }

            Assert.Equal(Serialized(written), Serialized(suggested));
            Assert.DoesNotContain("urn:uuid", Serialized(suggested), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(Assessment Assessment, Proposal Proposal, Knowing.Activity Activity)> Suggestions(string name) =>
        from assessment in ReportOf.Assess(File.ReadAllBytes(Repository.Path("fhir-samples", name, "bundle.json")), ReportOf.AsOf)
        from proposal in Proposal.Of(assessment)
        from activity in proposal.Activities
        select (assessment, proposal, activity);

    private static string Serialized(Resource resource)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            new FhirJsonSerializer().Serialize(resource, writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
