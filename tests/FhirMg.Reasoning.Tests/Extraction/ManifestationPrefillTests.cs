using System.Text;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Tests.Extraction;

/// <summary>SYM-1: coded conditions only prefill the form.</summary>
public sealed class ManifestationPrefillTests
{
    private const string Present = ""","clinicalStatus":{"coding":[{"code":"active"}]}""";

    [Theory]
    [InlineData("http://hl7.org/fhir/sid/icd-10", "R25.2", "cramps")]
    [InlineData("http://hl7.org/fhir/sid/icd-10-cm", "R252", "cramps")]
    [InlineData("http://hl7.org/fhir/sid/icd-10", "I10", "tachycardia-hypertension")]
    [InlineData("urn:oid:1.2.643.5.1.13.13.11.1005", "I10", "tachycardia-hypertension")]
    public void A_present_condition_suggests_its_question_with_its_words(string system, string code, string question)
    {
        var suggested = Suggested(Condition("c1", $$"""{"coding":[{"system":"{{system}}","code":"{{code}}","display":"as coded"}]}""", Present));
        Assert.Equal(question, Assert.Single(suggested).Key);
        Assert.Contains("as coded", Assert.Single(suggested[question]));
    }

    [Theory]
    [InlineData(""","clinicalStatus":{"coding":[{"code":"resolved"}]}""")]
    [InlineData(""","abatementDateTime":"2026-01-01" """)]
    [InlineData(""","clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"refuted"}]}""")]
    [InlineData(""","clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"unconfirmed"}]}""")]
    public void A_condition_that_is_past_refuted_or_unconfirmed_suggests_nothing(string status) =>
        Assert.Empty(Suggested(Condition("c1", """{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"R25.2"}]}""", status)));

    [Fact]
    public void A_condition_of_somebody_else_suggests_nothing() =>
        Assert.Empty(Suggested(Condition("c1", """{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"R25.2"}]}""", Present).Replace("Patient/p1", "Patient/p2", StringComparison.Ordinal)));

    [Fact]
    public void Nothing_that_can_be_sent_makes_it_throw()
    {
        string[] pages = ["", "null", "[]", """{"resourceType":"Bundle","entry":"x"}""", """{"resourceType":"Condition","code":7}""", "{\"resourceType\":\"Condition\""];
        Assert.Empty(ManifestationPrefill.Of(Knowledge.BuiltIn, [.. pages.Select(page => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(page))], "Patient/p1"));
    }

    [Fact]
    public void Every_value_set_for_prefilling_belongs_to_a_question()
    {
        var files = Directory.GetFiles(Repository.Path("profiles"), "ValueSet-prefill-*.json");
        Assert.True(files.Length >= 9);
        Assert.All(files, file => Assert.Contains(Path.GetFileNameWithoutExtension(file)["ValueSet-prefill-".Length..], Knowledge.BuiltIn.Manifestations.Select(question => question.LinkId)));
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> Suggested(string condition) => ManifestationPrefill.Of(
        Knowledge.BuiltIn,
        [Encoding.UTF8.GetBytes("""{"resourceType":"Patient","id":"p1"}"""), Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{{condition}}}]}""")],
        "Patient/p1");

    private static string Condition(string id, string code, string status) =>
        $$"""{"resourceType":"Condition","id":"{{id}}","subject":{"reference":"Patient/p1"},"code":{{code}}{{status}}}""";
}
