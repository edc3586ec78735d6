using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Tests.Extraction;

/// <summary>What a server did not give is not taken for what is not there.</summary>
public sealed class NotReadTests
{
    private static readonly DateTimeOffset AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_the_observations_nobody_is_told_that_there_is_no_result()
    {
        var (seen, unseen) = (Assess(DataKinds.None), Assess(DataKinds.Observations));
        Assert.True(seen.Proposed.Contains(Rule.Lab1));
        Assert.False(seen.NotChecked.Contains(Rule.Lab1));
        Assert.False(unseen.Proposed.Contains(Rule.Lab1));
        Assert.True(unseen.NotChecked.Contains(Rule.Lab1));
        Assert.False(unseen.Fired.Contains(Rule.Lab1));

        // What is asked for all the same, and what another kind of data does not change.
        Assert.True(unseen.Proposed.Contains(Rule.Ask1));
        Assert.True(Assess(DataKinds.Allergies).Proposed.Contains(Rule.Lab1));
    }

    [Theory]
    [InlineData(Language.English, "did not give the observations")]
    [InlineData(Language.Russian, "не выдал результаты исследований")]
    public void The_reason_is_said_in_both_languages(Language language, string words) =>
        Assert.Contains(words, Knowledge.BuiltIn[Rule.Lab1].NotChecked![language], StringComparison.Ordinal);

    private static Assessment Assess(DataKinds notRead)
    {
        var reader = new InputReader(Knowledge.BuiltIn);
        Assert.Empty(reader.Read(File.ReadAllBytes(Repository.Path("fhir-samples", "missing-serum-with-migraine", "bundle.json")), "bundle.json"));
        return Evaluator.Evaluate(Extractor.Extract(reader.Documents().Single().Patients.Single(), Knowledge.BuiltIn, AsOf, notRead), Knowledge.BuiltIn);
    }
}
