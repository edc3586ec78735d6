using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Tests.Proposing;

/// <summary>What <c>PlanDefinition/$apply</c> answers.</summary>
public sealed class AppliedPlanTests
{
    public static TheoryData<string> Cases => [.. Samples.SampleTests.Cases.Select(row => row.Data)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_plan_is_valid_in_itself_and_says_what_the_report_says(string name)
    {
        var strict = new FhirJsonDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Strict));
        foreach (var assessment in Of(name).Where(assessment => !assessment.Features.Patient.Contains('#', StringComparison.Ordinal) && !assessment.Features.Patient.StartsWith("urn:", StringComparison.Ordinal)))
        {
            var plan = AppliedPlan.Of(assessment, Language.English, "Encounter/e1");
            strict.DeserializeResource(new FhirJsonSerializer().SerializeToString(plan));
            var inside = plan.Contained.Select(resource => $"#{resource.Id}").ToHashSet(StringComparer.Ordinal);
            var said = References(plan).Select(reference => reference.Reference).OfType<string>().ToList();
            Assert.DoesNotContain(said, reference => reference.StartsWith("urn:", StringComparison.Ordinal));
            Assert.All(said.Where(reference => reference.StartsWith('#')), reference => Assert.Contains(reference, inside));
            Assert.All(inside, id => Assert.Contains(id, said));

            var group = plan.Contained.OfType<RequestGroup>().SingleOrDefault();
            var proposed = Proposal.Of(assessment).Where(proposal => proposal.Resource != Proposal.Note).SelectMany(proposal => proposal.Activities).Count();
            Assert.Equal(proposed, Actions(group?.Action ?? []).Count(action => action.Resource is not null));
        }
    }

    [Fact]
    public void Alternatives_are_one_choice_of_at_most_one()
    {
        var group = Plan("adult-mild-with-migraine").Contained.OfType<RequestGroup>().Single();
        var choice = Assert.Single(group.Action, action => action.SelectionBehavior is not null);
        Assert.Equal(ActionSelectionBehavior.AtMostOne, choice.SelectionBehavior);
        Assert.Equal(5, choice.Action.Count);
    }

    [Fact]
    public void The_encounter_stands_on_plan_and_group()
    {
        var plan = AppliedPlan.Of(Of("adult-mild-with-migraine")[0], Language.English, "Encounter/e1");
        Assert.Equal("Encounter/e1", plan.Encounter!.Reference);
        Assert.Equal("Encounter/e1", plan.Contained.OfType<RequestGroup>().Single().Encounter!.Reference);
        Assert.Null(Plan("adult-mild-with-migraine").Encounter);
    }

    [Fact]
    public void A_patient_without_an_id_is_refused() => Assert.Throws<ArgumentException>(() => AppliedPlan.Of(
        ReportOf.Assess("""{"resourceType":"Patient","birthDate":"1980-01-01"}"""u8.ToArray(), ReportOf.AsOf).Single(), Language.English));

    private static CarePlan Plan(string name) => AppliedPlan.Of(Of(name)[0], Language.English);

    private static IReadOnlyList<Assessment> Of(string name) => [.. ReportOf.Assess(File.ReadAllBytes(Repository.Path("fhir-samples", name, "bundle.json")), ReportOf.AsOf)];

    private static IEnumerable<RequestGroup.ActionComponent> Actions(IEnumerable<RequestGroup.ActionComponent> actions) =>
        actions.SelectMany(action => Actions(action.Action).Prepend(action));

    private static IEnumerable<ResourceReference> References(Base element) => element.EnumerateElements()
        .SelectMany(pair => pair.Value as IEnumerable<Base> ?? (pair.Value is Base single ? [single] : []))
        .SelectMany(child => child is ResourceReference reference ? [reference] : References(child));
}
