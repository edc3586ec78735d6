using System.Text.Json.Nodes;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Tests.Proposing;

/// <summary>What is written for people is written in both languages: in one as the text, in the other as its translation.</summary>
public sealed class BothLanguagesTests
{
    private const int FewestTexts = 1000;

    // Elements that hold words; what others hold are codes, addresses, times and the patient's own data.
    private static readonly string[] ForPeople = ["text", "display", "title", "description", "textEquivalent", "contentString", "rationale", "detail"];

    [Fact]
    public void An_assessment_says_its_class_in_words_and_requests_repeat_the_code()
    {
        var assessments = ReportOf.Assess(File.ReadAllBytes(Repository.Path("fhir-samples", "adult-mild-with-migraine", "bundle.json")), ReportOf.AsOf);
        var written = ProposalBundle.Of(assessments, Language.Russian).Entry.Select(entry => (DomainResource)entry.Resource!).ToList();
        CodeableConcept? ClassOf(DomainResource resource) => resource.GetExtensionValue<CodeableConcept>($"{Knowledge.BuiltIn.CanonicalBase}/StructureDefinition/deficiency-status");
        var said = ClassOf(written.OfType<RiskAssessment>().Single())!;
        Assert.Equal(Knowledge.BuiltIn.Terms[said.Coding[0].Code!].Ru, said.Text);
        var requests = written.OfType<MedicationRequest>().Select(ClassOf).ToList();
        Assert.NotEmpty(requests);
        Assert.All(requests, request => Assert.Equal((said.Coding[0].Code, null), (request!.Coding[0].Code, request.Text)));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void Every_text_for_people_has_its_translation(string language)
    {
        var (texts, other) = (0, language == "ru" ? "en" : "ru");
        var bare = new SortedSet<string>(StringComparer.Ordinal);
        var serializer = new FhirJsonSerializer();
        foreach (var name in Samples.SampleTests.Cases.Select(row => row.Data))
        {
            var assessments = ReportOf.Assess(File.ReadAllBytes(Repository.Path("fhir-samples", name, "bundle.json")), ReportOf.AsOf);
            var written = language == "ru" ? Language.Russian : Language.English;
            var plans = assessments.Where(assessment => Composer.CanBeReferredTo(assessment.Features.Patient)).Select(assessment => AppliedPlan.Of(assessment, written));
            foreach (var resource in ProposalBundle.Of(assessments, written).Entry.Select(entry => entry.Resource!).Concat(plans))
            {
                Look(JsonNode.Parse(serializer.SerializeToString(resource))!, resource.TypeName, isSaidByText: false);
            }
        }

        Assert.True(texts > FewestTexts, $"{texts} texts");
        Assert.True(bare.Count == 0, string.Join('\n', bare));

        void Look(JsonNode node, string place, bool isSaidByText)
        {
            if (node is JsonArray array)
            {
                foreach (var item in array)
                {
                    Look(item!, place, isSaidByText);
                }
            }
            else if (node is JsonObject parent)
            {
                foreach (var (property, value) in parent.Where(pair => !pair.Key.StartsWith('_')))
                {
                    var isOfPatient = property == "display" && !parent.ContainsKey("system");
                    if (value is not JsonValue)
                    {
                        Look(value!, $"{place}.{property}", parent.ContainsKey("coding") && parent.ContainsKey("text"));
                    }
                    else if (ForPeople.Contains(property) && !isOfPatient && !(property == "display" && isSaidByText))
                    {
                        texts++;
                        Check((string)value!, parent[$"_{property}"], $"{place}.{property}");
                    }
                }
            }
        }

        void Check(string text, JsonNode? beside, string place)
        {
            var translation = beside?["extension"]?.AsArray().SingleOrDefault(extension => (string?)extension!["url"] == "http://hl7.org/fhir/StructureDefinition/translation");
            var parts = translation?["extension"]?.AsArray().ToDictionary(part => (string)part!["url"]!, part => (string?)(part!["valueCode"] ?? part["valueString"]));
            if (parts is null || parts["lang"] != other || string.IsNullOrEmpty(parts["content"]))
            {
                bare.Add($"{place}: {text}");
            }
        }
    }
}
