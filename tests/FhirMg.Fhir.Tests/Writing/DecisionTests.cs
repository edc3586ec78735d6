using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>What a person decides is written once, in their name, over nothing of anybody else.</summary>
public sealed class DecisionTests
{
    private static readonly PersonDecision Accept = new(true, "Practitioner/dr1", "one tablet in the evening", null);
    private static readonly PersonDecision Reject = new(false, "Practitioner/dr1", null, "she drinks mineral water");

    [Fact]
    public async Task An_accepted_draft_becomes_active_by_the_person_with_their_dose()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var before = server.Resources.ToDictionary(Key, resource => resource.ToJsonString());
        var lead = Lead(server);

        var result = await DecideAsync(writer, Case.Mild, lead, Accept);

        Assert.Equal((DecisionOutcome.Written, Key(lead)), (result.Outcome, result.Reference));
        var now = Lead(server);
        Assert.Equal(("active", "Practitioner/dr1"), (now.Text("status"), now.Member("requester").Text("reference")));
        Assert.Equal("one tablet in the evening", Assert.Single(now.Items("dosageInstruction")).Text("text"));
        Assert.Equal(lead["medicationCodeableConcept"]!.ToJsonString(), now["medicationCodeableConcept"]!.ToJsonString());
        Assert.Equal(lead["identifier"]!.ToJsonString(), now["identifier"]!.ToJsonString());
        Assert.All(server.Resources.Where(other => Key(other) != Key(lead)), other => Assert.Equal(before[Key(other)], other.ToJsonString()));
        var ours = Snapshot.Standing(server.Resources).Single(one => one.Reference == Key(lead));
        Assert.Equal((Standing.Accepted, "Practitioner/dr1", "one tablet in the evening"), (ours.Standing, ours.Requester, ours.Dose));
    }

    [Fact]
    public async Task A_rejected_draft_is_cancelled_with_the_reason_and_the_next_run_keeps_silent()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var lead = Lead(server);

        var result = await DecideAsync(writer, Case.Mild, lead, Reject);

        Assert.Equal(DecisionOutcome.Written, result.Outcome);
        var now = Lead(server);
        Assert.Equal(("cancelled", "she drinks mineral water"), (now.Text("status"), now.Member("statusReason").Text("text")));
        Assert.Equal("rejected-by-person", Assert.Single(now.Member("statusReason").Items("coding")).Text("code"));
        Assert.Equal("Practitioner/dr1", now.Items("note").Last().Member("authorReference").Text("reference"));
        var ours = Snapshot.Standing(server.Resources).Single(one => one.Reference == Key(lead));
        Assert.Equal((Standing.Rejected, "she drinks mineral water"), (ours.Standing, ours.Reason));

        var exact = Snapshot.Exact(server.Resources);
        Assert.Empty((await writer.PlanAsync(Case.Mild)).Writes);
        await writer.WriteAsync(Case.Mild);
        Assert.Equal(exact, Snapshot.Exact(server.Resources));
    }

    [Theory]
    [InlineData("ServiceRequest", "revoked")]
    [InlineData("CommunicationRequest", "revoked")]
    public async Task Each_type_is_rejected_in_its_own_way(string type, string status)
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var proposal = server.Resources.First(resource => resource.Text("resourceType") == type);

        await DecideAsync(writer, Case.Mild, proposal, Reject);

        var now = server.Resources.Single(resource => Key(resource) == Key(proposal));
        Assert.Equal((status, type == "CommunicationRequest"), (now.Text("status"), now.ContainsKey("statusReason")));
        var ours = Snapshot.Standing(server.Resources).Single(one => one.Reference == Key(proposal));
        Assert.Contains("she drinks mineral water", ours.Reason, StringComparison.Ordinal);
        Assert.Empty((await writer.PlanAsync(Case.Mild)).Writes);
    }

    [Fact]
    public async Task What_was_never_written_is_created_as_decided()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var person = new Writer(server.BaseUrl, policy: WritePolicy.Suggest);
        var proposed = (await person.PlanAsync(Case.Mild)).Steps.First(step => step.Rule == Rule.Rx1 && step.Type == "MedicationRequest");

        var result = await Deciding.WriteAsync(person.Server, Case.Mild.Assess(), proposed.Identifier!, Accept, Language.English, TestContext.Current.CancellationToken);

        Assert.Equal(DecisionOutcome.Written, result.Outcome);
        var written = Assert.Single(server.Resources);
        Assert.Equal((result.Reference, "active"), (Key(written), written.Text("status")));
        Assert.DoesNotContain("urn:uuid", written.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(DecisionOutcome.DecidedBefore, (await Deciding.WriteAsync(
            person.Server, Case.Mild.Assess(), proposed.Identifier!, Reject, Language.English, TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(written.ToJsonString(), Assert.Single(server.Resources).ToJsonString());
    }

    [Theory]
    [InlineData(409)]
    [InlineData(412)]
    public async Task Somebody_who_decided_between_reading_and_writing_is_not_overwritten(int conflict)
    {
        using var server = Simulator.Start(Vendors.Hapi with { VersionConflict = conflict }, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var lead = Lead(server);
        Faster(server, lead, other => other["status"] = "on-hold");

        var result = await DecideAsync(writer, Case.Mild, lead, Accept);

        Assert.Equal((DecisionOutcome.DecidedBefore, Key(lead)), (result.Outcome, result.Reference));
        Assert.Equal(("on-hold", "2"), (Lead(server).Text("status"), Lead(server)["meta"].Text("versionId")));
    }

    [Fact]
    public async Task A_conflict_over_nothing_but_the_version_is_decided_again()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var lead = Lead(server);
        Faster(server, lead, _ => { });

        var result = await DecideAsync(writer, Case.Mild, lead, Accept);

        Assert.Equal(DecisionOutcome.Written, result.Outcome);
        Assert.Equal(("active", "3"), (Lead(server).Text("status"), Lead(server)["meta"].Text("versionId")));
    }

    [Fact]
    public async Task What_is_no_longer_proposed_is_not_written()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var exact = Snapshot.Exact(server.Resources);

        Assert.Equal(DecisionOutcome.NoLongerProposed, (await DecideAsync(writer, Case.Mild.WithSerum(0.90m), Lead(server), Accept)).Outcome);
        Assert.Equal(exact, Snapshot.Exact(server.Resources));
    }

    [Fact]
    public async Task Nothing_is_written_where_the_policy_is_to_report()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var exact = Snapshot.Exact(server.Resources);
        await using var reporter = new Writer(server.BaseUrl, policy: WritePolicy.Report);

        var result = await DecideAsync(reporter, Case.Mild, Lead(server), Accept);

        Assert.Equal(DecisionOutcome.Refused, result.Outcome);
        Assert.Contains("'report'", result.Problem, StringComparison.Ordinal);
        Assert.Equal(exact, Snapshot.Exact(server.Resources));
    }

    [Fact]
    public async Task A_refusal_says_what_the_server_said()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        server.Inject(new Fault("no permission", (_, _, _) => Task.FromResult(Answer.Error(403, "not your patient", ErrorStyle.OperationOutcome))).When(request => request.Method == "PUT"));

        var result = await DecideAsync(writer, Case.Mild, Lead(server), Accept);

        Assert.Equal(DecisionOutcome.Refused, result.Outcome);
        Assert.Contains("not your patient", result.Problem, StringComparison.Ordinal);
        Assert.Equal("draft", Lead(server).Text("status"));
    }

    private static Task<DecisionResult> DecideAsync(Writer writer, Case data, JsonObject proposal, PersonDecision decision)
    {
        var identifier = Snapshot.Standing([proposal]).Single().Identifier;
        return Deciding.WriteAsync(writer.Server, data.Assess(), identifier, decision, Language.English, TestContext.Current.CancellationToken);
    }

    private static string Key(JsonObject resource) => $"{resource.Text("resourceType")}/{resource.Text("id")}";

    private static JsonObject Lead(Simulator server) => server.Resources
        .First(resource => resource.Text("resourceType") == "MedicationRequest" && resource.ToJsonString().Contains("\"RX-1\"", StringComparison.Ordinal)).DeepClone().AsObject();

    // Somebody changes the resource after we have read it.
    private static void Faster(Simulator server, JsonObject resource, Action<JsonObject> change)
    {
        var theirs = resource.DeepClone().AsObject();
        change(theirs);
        server.Inject(new Fault("a person is faster", async (_, rest, stopped) =>
        {
            using var person = new HttpClient();
            using var content = new StringContent(theirs.ToJsonString(), Encoding.UTF8, "application/fhir+json");
            using var response = await person.PutAsync(new Uri($"{server.BaseUrl}/{Key(theirs)}"), content, stopped);
            response.EnsureSuccessStatusCode();
            return await rest();
        }).When(request => request.Method == "PUT").Once());
    }
}
