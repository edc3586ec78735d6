using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>What people have made of a proposal is told from the server, and never undone.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan Silence = Knowledge.BuiltIn.Thresholds.RejectSilence;
    private readonly PlainServer _server = new();

    [Theory]
    [InlineData("active")]
    [InlineData("on-hold")]
    [InlineData("completed")]
    public void An_accepted_medicine_is_left_and_nothing_of_its_choice_is_proposed_again(string status)
    {
        _server.Write(Case.Mild);
        Set(Rule.Rx1, status);
        var plan = _server.Write(Case.Mild);
        Assert.Equal((WriteAction.Leave, WriteState.Accepted), Of(plan, Rule.Rx1));
        Assert.DoesNotContain(plan.Writes, step => step.Action == WriteAction.Create);
        Assert.Equal(5, plan.Writes.Count(step => step is { Withdrawal: "withdrawn-decided", Rule: Rule.Rx3 }));
        AssertQuiet(Case.Mild);

        // Nor under another conclusion.
        Assert.DoesNotContain(_server.Write(Case.Mild.WithAnxiety()).Writes, step => step.Type is "MedicationRequest" or "RequestGroup");
        AssertQuiet(Case.Mild.WithAnxiety());
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("stopped")]
    [InlineData("entered-in-error")]
    public void A_rejected_proposal_is_left_for_a_time_of_silence_and_proposed_again_after_it(string status)
    {
        _server.Write(Case.Mild);
        Set(Rule.Rx1, status);
        Assert.Equal((WriteAction.Leave, WriteState.Rejected), Of(_server.Plan(Case.Mild), Rule.Rx1));
        AssertQuiet(Case.Mild);

        _server.Now += Silence - TimeSpan.FromHours(1);
        Assert.Empty(_server.Plan(Case.Mild.Assess()).Writes);
        _server.Now += TimeSpan.FromHours(1);
        Assert.Equal((WriteAction.Create, WriteState.IndicatedAgain), Of(_server.Plan(Case.Mild.Assess()), Rule.Rx1));
    }

    [Fact]
    public void A_rejection_is_silent_under_another_conclusion_of_the_same_or_a_milder_class()
    {
        _server.Write(Case.Mild);
        Set(Rule.Rx1, "cancelled");
        _server.Now += TimeSpan.FromDays(1);
        Assert.Equal((WriteAction.Leave, WriteState.Rejected), Of(_server.Write(Case.Latent), Rule.Rx1));
        AssertQuiet(Case.Latent);
    }

    [Fact]
    public void A_worse_class_breaks_the_silence()
    {
        _server.Write(Case.Latent);
        Set(Rule.Rx1, "cancelled");
        var plan = _server.Write(Case.Latent.WithSerum(0.60m));
        Assert.Equal((WriteAction.Create, WriteState.IndicatedAgain), Of(plan, Rule.Rx1));
        AssertQuiet(Case.Latent.WithSerum(0.60m));
    }

    [Fact]
    public void What_was_silent_gets_its_Provenance_when_it_is_written_at_last()
    {
        _server.Write(Case.Mild);
        Set(Rule.Rx1, "cancelled");
        _server.Write(Case.Latent);
        _server.Now += Silence;
        var plan = _server.Plan(Case.Latent.Assess());
        var created = plan.Writes.Single(step => step is { Rule: Rule.Rx1, Action: WriteAction.Create });
        Assert.Contains(created.FullUrl!, plan.Writes.Single(step => step.Type == "Provenance").Resource!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_overridden_card_asks_for_the_same_silence()
    {
        WritePlan Plan(Deficiency shown, TimeSpan ago) => WriteBack.Plan(
            Case.Mild.Assess(), [], Capabilities.All, WritePolicy.Write, Language.English, Case.AsOf, [new(Rule.Rx1, Case.AsOf - ago, shown)]);
        Assert.Equal((WriteAction.Leave, WriteState.Rejected), Of(Plan(Deficiency.Confirmed, TimeSpan.FromDays(1)), Rule.Rx1));
        Assert.Equal(4, Plan(Deficiency.Confirmed, TimeSpan.FromDays(1)).Writes.Count(step => step.Type == "MedicationRequest"));
        Assert.Equal(WriteAction.Create, Of(Plan(Deficiency.Possible, TimeSpan.FromDays(1)), Rule.Rx1).Action);
        Assert.Equal(WriteAction.Create, Of(Plan(Deficiency.Confirmed, Silence), Rule.Rx1).Action);
    }

    [Fact]
    public void A_request_based_on_a_proposal_accepts_it()
    {
        _server.Write(Case.Mild);
        var proposal = One(Rule.Rx1);
        _server.Put(JsonNode.Parse($$"""{"resourceType":"MedicationRequest","status":"draft","basedOn":[{"reference":"{{proposal.Reference}}"}]}""")!.AsObject(), "order", "1");
        var plan = _server.Write(Case.Mild.WithSerum(0.90m));
        Assert.DoesNotContain(plan.Writes, step => step.Held?.Reference == proposal.Reference);
        Assert.Equal(Standing.Accepted, One(Rule.Rx1).Standing);
    }

    [Fact]
    public void A_draft_that_somebody_has_edited_is_neither_withdrawn_nor_proposed_again()
    {
        _server.Write(Case.Mild);
        _server.Change(Lead, resource => resource["note"] = new JsonArray(new JsonObject { ["text"] = "Ask her first" }));
        Assert.Equal(Standing.Changed, One(Rule.Rx1).Standing);
        Assert.Equal((WriteAction.Leave, WriteState.ChangedByOthers), Of(_server.Plan(Case.Mild), Rule.Rx1));
        Assert.DoesNotContain(_server.Plan(Case.Mild.WithSerum(0.90m)).Writes, step => step.Rule == Rule.Rx1);
        Assert.DoesNotContain(_server.Plan(Case.Latent).Writes, step => step.Rule == Rule.Rx1);
    }

    [Fact]
    public void An_order_that_was_carried_out_long_ago_no_longer_stands_in_the_way()
    {
        _server.Write(Case.Mild);
        Set(Rule.Lab3, "completed");
        Assert.DoesNotContain(_server.Plan(Case.Mild).Writes, step => step.Rule == Rule.Lab3);
        _server.Now += Silence;
        Assert.Equal((WriteAction.Create, WriteState.IndicatedAgain), Of(_server.Plan(Case.Mild.Assess()), Rule.Lab3));
    }

    [Fact]
    public void A_decision_about_an_injection_is_for_its_attack_alone()
    {
        var attack = Case.Sample("acute-attack-in-emergency");
        _server.Write(attack);
        Set(Rule.Rx6, "cancelled");
        AssertQuiet(attack);
        var another = new Case(JsonNode.Parse(Renamed(attack))!.AsObject());
        Assert.Equal(WriteAction.Create, Of(_server.Plan(another), Rule.Rx6).Action);
    }

    [Fact]
    public void Of_two_written_at_once_the_oldest_stands_unless_a_person_has_touched_the_other()
    {
        _server.Write(Case.Mild);
        var first = _server.Resources.First(Lead);
        var second = first.DeepClone().AsObject();
        _server.Now += TimeSpan.FromSeconds(1);
        _server.Put(second, "twin", "1");
        Assert.Equal("MedicationRequest/twin", Marked(_server.Plan(Case.Mild)).Held!.Reference);
        _server.Change(resource => resource.Text("id") == "twin", resource => resource["status"] = "active");
        Assert.Equal(first.Text("id"), Marked(_server.Plan(Case.Mild)).Held!.Id);
        _server.Write(Case.Mild);
        Assert.Equal("entered-in-error", _server.Resources.First(resource => resource.Text("id") == first.Text("id")).Text("status"));
        AssertQuiet(Case.Mild);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_refers_to_a_losing_duplicate_is_led_to_the_one_that_stands(bool isMarkedAlready)
    {
        // Two transactions at once: of the medicine the first stands, of the choice between medicines the second.
        _server.Write(Case.Mild.WithEgfr(45));
        var medicine = _server.Resources.First(Lead);
        var twin = medicine.DeepClone().AsObject();
        _server.Now += TimeSpan.FromSeconds(1);
        _server.Put(twin, "twin", "1");
        var before = Reference(medicine);
        _server.Change(resource => resource.Text("resourceType") is "RequestGroup", resource => ResourceReferences.Replace(resource, reference => reference == before ? Reference(twin) : null));
        _server.Change(resource => resource.Text("resourceType") is "Provenance", resource => ResourceReferences.Replace(resource, reference => reference == before ? Reference(twin) : null));
        if (isMarkedAlready)
        {
            _server.Change(resource => resource.Text("id") == "twin", resource => _ = Mark(resource));
        }

        var plan = _server.Plan(Case.Mild.WithEgfr(45));
        Assert.Equal(["Provenance", "RequestGroup"], plan.Writes.Where(step => step.Action == WriteAction.Repoint).Select(step => step.Type).Order(StringComparer.Ordinal));
        _server.Write(Case.Mild.WithEgfr(45));
        Assert.DoesNotContain(_server.Resources, resource => resource.Text("id") != "twin" && resource.ToJsonString().Contains("MedicationRequest/twin", StringComparison.Ordinal));
        Assert.All(_server.Ours.Where(one => one.Id != "twin"), one => Assert.Equal(Standing.Ours, one.Standing));
        AssertQuiet(Case.Mild.WithEgfr(45));
    }

    [Fact]
    public void What_a_person_has_touched_keeps_its_references()
    {
        _server.Write(Case.Mild);
        var twin = _server.Resources.First(Lead).DeepClone().AsObject();
        var before = Reference(twin);
        _server.Now += TimeSpan.FromSeconds(1);
        _server.Put(twin, "twin", "1");
        _server.Change(resource => resource.Text("resourceType") is "RequestGroup", resource =>
        {
            ResourceReferences.Replace(resource, reference => reference == before ? Reference(twin) : null);
            resource["status"] = "active";
        });
        Assert.DoesNotContain(_server.Plan(Case.Mild).Writes, step => step is { Action: WriteAction.Repoint, Type: "RequestGroup" });
    }

    private static string Reference(JsonObject resource) => $"{resource.Text("resourceType")}/{resource.Text("id")}";

    private static JsonObject Mark(JsonObject resource)
    {
        var marked = Withdrawals.Apply(resource, Withdrawals.Duplicate, Knowledge.BuiltIn, Language.English);
        foreach (var (name, value) in marked)
        {
            resource[name] = value?.DeepClone();
        }

        return resource;
    }

    private static WriteStep Marked(WritePlan plan) => plan.Writes.Single(step => step is { Action: WriteAction.Withdraw, State: WriteState.Duplicate });

    private static string Renamed(Case attack)
    {
        var encounter = attack.Bundle["entry"]!.AsArray().Select(entry => entry!["resource"]!).First(resource => resource.Text("resourceType") == "Encounter").Text("id")!;
        return attack.Bundle.ToJsonString().Replace($"\"{encounter}\"", "\"another-attack\"", StringComparison.Ordinal).Replace($"Encounter/{encounter}\"", "Encounter/another-attack\"", StringComparison.Ordinal);
    }

    private static bool Lead(JsonObject resource) => resource.Text("resourceType") == "MedicationRequest" && resource.ToJsonString().Contains("\"RX-1\"", StringComparison.Ordinal);

    private static (WriteAction Action, WriteState State) Of(WritePlan plan, Rule rule) =>
        plan.Steps.Where(step => step.Rule == rule && step.Action != WriteAction.Withdraw).Select(step => (step.Action, step.State)).First();

    private OursOnServer One(Rule rule) => _server.Ours.First(one => one.Rule == rule);

    private void Set(Rule rule, string status)
    {
        var one = One(rule);
        _server.Change(resource => resource.Text("id") == one.Id, resource => resource["status"] = status);
    }

    private void AssertQuiet(Case data) => Assert.Empty(_server.Plan(data).Writes);
}
