using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>What a server cannot take, or may not be given, is suggested or reported, with the reason.</summary>
public sealed class AbilityTests
{
    [Theory]
    [InlineData(WritePolicy.Suggest, WriteAction.Suggest)]
    [InlineData(WritePolicy.Report, WriteAction.Report)]
    public void A_policy_below_write_writes_nothing(WritePolicy policy, WriteAction instead)
    {
        var plan = new PlainServer { Policy = policy }.Plan(Case.Mild);
        Assert.Empty(plan.Writes);
        Assert.Equal(5, plan.Steps.Count(step => step.Type == "MedicationRequest"));
        Assert.All(plan.Steps.Where(step => WrittenTypes.IsProposal(step.Type)), step => Assert.Equal(instead, step.Action));
        Assert.All(plan.Steps.Where(step => !WrittenTypes.IsProposal(step.Type)), step => Assert.Equal(WriteAction.Report, step.Action));
        Assert.All(plan.Steps, step => Assert.Contains("policy", step.Reason, StringComparison.Ordinal));
        Assert.All(plan.Steps.Where(step => step.Action == WriteAction.Suggest), step => Assert.Equal(step.Type, step.Resource.Text("resourceType")));
    }

    [Fact]
    public void A_server_without_RiskAssessment_gets_no_medicine_but_a_suggestion()
    {
        var server = new PlainServer { Capability = Capabilities.Of(type => type == "RiskAssessment" ? [] : ["create", "update", "search-type"]) };
        var plan = server.Write(Case.Mild);
        Assert.Equal(Enumerable.Repeat(WriteAction.Suggest, 5), plan.Steps.Where(step => step.Type == "MedicationRequest").Select(step => step.Action));
        Assert.Equal(WriteAction.Report, plan.Steps.Single(step => step.Type == "RiskAssessment").Action);
        Assert.Equal(["CommunicationRequest", "ServiceRequest", "Provenance"], plan.Writes.Select(step => step.Type));
        Assert.Empty(server.Plan(Case.Mild).Writes);
    }

    [Fact]
    public void What_could_not_be_withdrawn_is_not_written()
    {
        var plan = new PlainServer { Capability = Capabilities.Of(_ => ["create", "search-type"]) }.Plan(Case.Mild);
        Assert.Equal(["RiskAssessment", "Provenance"], plan.Writes.Select(step => step.Type));
    }

    [Fact]
    public void What_cannot_be_looked_for_is_not_written()
    {
        var plan = new PlainServer { Capability = Capabilities.Of(type => type == "MedicationRequest" ? ["create", "update"] : ["create", "update", "search-type"]) }.Plan(Case.Mild);
        Assert.DoesNotContain(plan.Writes, step => step.Type is "MedicationRequest" or "RequestGroup");
    }

    [Fact]
    public void Withdrawals_are_only_reported_where_nothing_may_be_written()
    {
        var server = new PlainServer();
        server.Write(Case.Mild);
        var plan = WriteBack.Plan(Case.Mild.WithSerum(0.90m).Assess(), server.Ours, Capabilities.All, WritePolicy.Suggest, Reasoning.Knowing.Language.English, Case.AsOf);
        Assert.Empty(plan.Writes);
        Assert.Equal(8, plan.Steps.Count(step => step is { Action: WriteAction.Report, Withdrawal: not null }));
    }
}
