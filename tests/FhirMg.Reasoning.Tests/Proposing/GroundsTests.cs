using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Tests.Proposing;

/// <summary>What a rule rests on is the same, whether it is asked for one rule or kept for several; and so is what it proposes.</summary>
public sealed class GroundsTests
{
    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Repository.Path("fhir-samples")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evidence_that_is_kept_for_several_rules_is_that_of_each_rule(string name)
    {
        foreach (var assessment in Assess(name))
        {
            var kept = new Grounds(assessment, new(ReferenceEqualityComparer.Instance));
            foreach (var rule in Enum.GetValues<Rule>())
            {
                Assert.Equal(Evidence.Of(assessment, rule), kept.Of(rule));
                Assert.Equal(Evidence.Of(assessment, rule), kept.Of(rule, RuleSet.Of(rule)));
            }

            var both = Evidence.Of(assessment, Rule.Rx1).Concat(Evidence.Of(assessment, Rule.Rx5)).DistinctBy(one => one.Resource);
            Assert.Equal(both, kept.Of(Rule.Rx1, RuleSet.Of(Rule.Rx5)));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_resource_is_named_once(string name)
    {
        foreach (var assessment in Assess(name))
        {
            Assert.All(Enum.GetValues<Rule>(), rule =>
                Assert.Equal(Evidence.Of(assessment, rule).Count, Evidence.Of(assessment, rule).DistinctBy(one => one.Resource).Count()));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Proposals_are_what_the_knowledge_says_of_their_rules(string name)
    {
        var knowledge = Knowledge.BuiltIn;
        foreach (var assessment in Assess(name))
        {
            var proposals = Proposal.Of(assessment);
            Assert.Equal(assessment.Proposed, RuleSet.Of([.. proposals.Select(one => one.Rule)]));
            foreach (var rules in proposals.GroupBy(one => one.Rule))
            {
                var offered = assessment.IsNote(rules.Key) ? [] : knowledge[rules.Key].Activities
                    .Where(id => rules.Key != Rule.Rx3 || assessment.Candidates.Contains(Rule.Rx2) || !knowledge[Rule.Rx1].Activities.Contains(id));
                Assert.Equal(offered, rules.SelectMany(one => one.Activities).Select(activity => activity.Id));
                Assert.All(rules, one => Assert.Equal(one.Activities.Count == 0 ? Proposal.Note : one.Activities[0].Kind, one.Resource));
                Assert.All(rules, one => Assert.True(rules.Key != Rule.Rx3 || one.Activities.Count == 1));
            }
        }
    }

    [Fact]
    public void A_set_of_rules_goes_through_them_in_order()
    {
        Rule[] some = [Rule.In1, Rule.Def6, Rule.Rx3, Rule.Safe12];
        var seen = new List<Rule>();
        foreach (var rule in RuleSet.Of([.. some.Reverse()]))
        {
            seen.Add(rule);
        }

        Assert.Equal(some, seen);
        Assert.Equal(some.Select(rule => rule.Id()), RuleSet.Of(some).Ids());
        Assert.Empty(RuleSet.None.Ids());
    }

    private static IReadOnlyList<Assessment> Assess(string name) =>
        ReportOf.Assess(File.ReadAllBytes(Repository.Path("fhir-samples", name, "bundle.json")), ReportOf.AsOf);
}
