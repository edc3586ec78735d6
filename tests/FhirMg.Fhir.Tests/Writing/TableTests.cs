using System.Text.Json.Nodes;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>The table of docs/write-back.md, row by row, as a pure function.</summary>
public sealed class TableTests
{
    private readonly PlainServer _server = new();

    [Fact]
    public void Without_a_proposal_everything_is_created()
    {
        var plan = _server.Plan(Case.Mild);
        Assert.All(plan.Steps, step => Assert.Equal((WriteAction.Create, WriteState.NoProposalYet), (step.Action, step.State)));
        Assert.Equal("RiskAssessment MedicationRequest MedicationRequest MedicationRequest MedicationRequest MedicationRequest CommunicationRequest ServiceRequest RequestGroup Provenance",
            string.Join(' ', plan.Steps.Select(step => step.Type)));
    }

    [Fact]
    public void The_same_evidence_again_changes_nothing()
    {
        _server.Write(Case.Mild);
        _server.Now += TimeSpan.FromHours(1);
        var plan = _server.Plan(Case.Mild);
        Assert.All(plan.Steps, step => Assert.Equal((WriteAction.Leave, WriteState.SameEvidence), (step.Action, step.State)));
        Assert.Equal(10, plan.Steps.Count);
    }

    [Fact]
    public void Changed_evidence_for_the_same_conclusion_is_a_new_assessment_and_the_proposals_stay()
    {
        _server.Write(Case.Mild);
        var plan = _server.Plan(Case.Mild.WithSerum(0.60m));
        Assert.Equal(["RiskAssessment", "Provenance"], plan.Writes.Select(step => step.Type));
        Assert.All(plan.Steps, step => Assert.Equal(WriteState.EvidenceChanged, step.State));
        var targets = plan.Writes.Last().Resource!["target"]!.AsArray().Select(target => target!.Text("reference")!).ToList();
        Assert.StartsWith("urn:uuid:", targets[0]);
        Assert.All(targets.Skip(1), target => Assert.Contains(_server.Ours, one => one.Reference == target));
    }

    [Fact]
    public void A_changed_conclusion_withdraws_the_draft_and_the_new_one_refers_to_it()
    {
        _server.Write(Case.Mild);
        var lead = Ours("RX-1");
        var plan = _server.Write(Case.Mild.WithAnxiety());
        var withdrawn = plan.Steps.Single(step => step.Held?.Reference == lead.Reference && step.Action == WriteAction.Withdraw);
        Assert.Equal((WriteState.ConclusionChanged, "withdrawn-superseded"), (withdrawn.State, withdrawn.Withdrawal));
        var created = plan.Steps.Single(step => step is { Action: WriteAction.Create, Rule: Rule.Rx2 });
        Assert.Equal(WriteState.ConclusionChanged, created.State);
        Assert.Equal(lead.Reference, created.Resource!["priorPrescription"].Text("reference"));
        Assert.Equal(created.FullUrl, withdrawn.Successor);
        AssertQuiet(Case.Mild.WithAnxiety());
    }

    [Fact]
    public void Another_class_is_another_conclusion_of_every_proposal()
    {
        _server.Write(Case.Latent);
        var plan = _server.Write(Case.Latent.WithSerum(0.60m));
        var replaced = plan.Writes.Where(step => step.Action == WriteAction.Withdraw && step.Withdrawal == "withdrawn-superseded").Select(step => step.Rule!.Value.Id()).Distinct().Order();
        Assert.Equal(["DIET-1", "LAB-3", "RX-1", "RX-3"], replaced);
        Assert.Equal("withdrawn-not-indicated", plan.Writes.Where(step => step.Rule == Rule.Lab2).Select(step => step.Withdrawal).Distinct().Single());
        Assert.All(plan.Writes.Where(step => step.Action == WriteAction.Create && WrittenTypes.IsProposal(step.Type)), step => Assert.Equal(WriteState.ConclusionChanged, step.State));
        AssertQuiet(Case.Latent.WithSerum(0.60m));
    }

    [Fact]
    public void What_is_no_longer_indicated_is_withdrawn()
    {
        _server.Write(Case.Mild);
        var plan = _server.Write(Case.Mild.WithSerum(0.90m));
        Assert.Equal(8, plan.Writes.Count(step => step is { Action: WriteAction.Withdraw, Withdrawal: "withdrawn-not-indicated", State: WriteState.NoLongerIndicated }));
        Assert.All(_server.Ours.Where(one => one.Type == "MedicationRequest"), one => Assert.Equal(("cancelled", Standing.Withdrawn), (one.Status, one.Standing)));
        Assert.All(_server.Ours.Where(one => one.Type is "RequestGroup" or "CommunicationRequest"), one => Assert.Equal(("revoked", Standing.Withdrawn), (one.Status, one.Standing)));
        AssertQuiet(Case.Mild.WithSerum(0.90m));
    }

    [Fact]
    public void What_a_safety_rule_now_stands_against_is_withdrawn_for_safety()
    {
        _server.Write(Case.Mild);
        var plan = _server.Write(Case.Mild.WithEgfr(24));
        var against = plan.Writes.Where(step => step.Rule is Rule.Rx1 or Rule.Rx3 or Rule.Diet1).ToList();
        Assert.Equal(7, against.Count);
        Assert.All(against, step => Assert.Equal("withdrawn-safety", step.Withdrawal));
        Assert.Contains(plan.Writes, step => step is { Type: "DetectedIssue", Action: WriteAction.Create });
    }

    [Fact]
    public void On_therapy_nothing_more_is_proposed_and_open_drafts_are_withdrawn()
    {
        Assert.DoesNotContain(_server.Plan(Case.Mild.OnMagnesium()).Steps, step => step.Type == "MedicationRequest");
        _server.Write(Case.Mild);
        var plan = _server.Write(Case.Mild.OnMagnesium());
        var medicines = plan.Writes.Where(step => step.Type == "MedicationRequest").ToList();
        Assert.Equal(5, medicines.Count);
        Assert.All(medicines, step => Assert.Equal((WriteAction.Withdraw, WriteState.OnTherapy, "withdrawn-on-therapy"), (step.Action, step.State, step.Withdrawal)));
        AssertQuiet(Case.Mild.OnMagnesium());
    }

    [Fact]
    public void What_is_indicated_again_after_a_withdrawal_is_proposed_again_once()
    {
        _server.Write(Case.Mild);
        _server.Write(Case.Mild.WithSerum(0.90m));
        var plan = _server.Write(Case.Mild);
        Assert.Equal(8, plan.Writes.Count(step => step is { Action: WriteAction.Create, State: WriteState.IndicatedAgain }));
        AssertQuiet(Case.Mild);
        Assert.Equal(_server.Ours.Count, _server.Ours.DistinctBy(one => (one.Type, one.Identifier)).Count());
    }

    [Fact]
    public void When_not_everything_could_be_read_nothing_is_withdrawn()
    {
        _server.Write(Case.Mild);
        var plan = _server.Plan(Case.Mild.WithSerum(0.90m).Assess(notRead: DataKinds.Observations));
        Assert.DoesNotContain(plan.Writes, step => step.Action == WriteAction.Withdraw);
        Assert.Equal(8, plan.Steps.Count(step => step is { Action: WriteAction.Leave, State: WriteState.NoLongerIndicated }));
    }

    [Fact]
    public void A_deceased_patient_s_open_drafts_are_withdrawn()
    {
        _server.Write(Case.Mild);
        var bundle = Case.Mild.Bundle.DeepClone().AsObject();
        bundle["entry"]![0]!["resource"]!["deceasedBoolean"] = true;
        Assert.Equal(8, _server.Plan(new Case(bundle)).Writes.Count(step => step.Action == WriteAction.Withdraw));
    }

    [Fact]
    public void Every_withdrawal_says_why_in_both_languages()
    {
        _server.Write(Case.Mild);
        _server.Write(Case.Mild.WithSerum(0.90m));
        var withdrawn = _server.Resources.Where(resource => resource.Text("status") is "cancelled" or "revoked").ToList();
        Assert.Equal(8, withdrawn.Count);
        Assert.All(withdrawn, resource =>
        {
            var json = resource.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            Assert.Contains("no longer indicated", json, StringComparison.Ordinal);
            Assert.Contains("больше не показано", json, StringComparison.Ordinal);
            Assert.DoesNotContain("StructureDefinition/magnesium-", resource["meta"]!.ToJsonString(), StringComparison.Ordinal);
        });
    }

    private OursOnServer Ours(string rule) => _server.Ours.First(one => one.Rule?.Id() == rule && one.Type == "MedicationRequest");

    private void AssertQuiet(Case data)
    {
        _server.Now += TimeSpan.FromMinutes(1);
        Assert.Empty(_server.Plan(data).Writes);
    }
}
