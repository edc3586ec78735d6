using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>What would be written is told by reading alone, and is what writing then does.</summary>
public sealed class PlanTests
{
    public static TheoryData<string> Names => [.. Vendors.All.Select(vendor => vendor.Name)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_plan_only_reads_and_is_what_is_then_done(string vendor)
    {
        using var server = Simulator.Start(Vendors.All.Single(profile => profile.Name == vendor), []);
        await using var writer = new Writer(server.BaseUrl);
        foreach (var data in new[] { Case.Mild, Case.Mild.WithAnxiety(), Case.Mild.WithAnxiety() })
        {
            var before = Snapshot.Exact(server.Resources);
            server.ForgetRequests();
            var plan = await writer.PlanAsync(data);
            Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
            Assert.Equal(before, Snapshot.Exact(server.Resources));

            var result = await writer.WriteAsync(data);
            Assert.Equal(Told(plan.Steps), Told(result.Steps.Select(step => step.Step)));

            // That a transaction is too large, a server only says when it gets it.
            Assert.Equal(vendor == "Medplum" && plan.Manner == WriteManner.Transaction && plan.Writes.Count() > 8 ? WriteManner.Singly : plan.Manner, result.Manner);
            await Task.Delay(2 * server.Vendor.SearchLag, Cancellation);
        }
    }

    [Theory]
    [InlineData("HAPI", WriteManner.Transaction)]
    [InlineData("HealthLake", WriteManner.Singly)]
    [InlineData("Oracle", WriteManner.Suggest)]
    [InlineData("Epic", WriteManner.Suggest)]
    public async Task It_says_how(string vendor, WriteManner manner)
    {
        using var server = Simulator.Start(Vendors.All.Single(profile => profile.Name == vendor), []);
        await using var writer = new Writer(server.BaseUrl);
        var plan = await writer.PlanAsync(Case.Mild);
        Assert.Equal(manner, plan.Manner);
        Assert.All(plan.Steps, step => Assert.Equal(manner == WriteManner.Suggest, step.Obstacle is not null));
    }

    [Fact]
    public async Task There_is_nothing_new_the_second_time()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        Assert.Equal(WriteManner.Nothing, (await writer.PlanAsync(Case.Mild)).Manner);
    }

    [Fact]
    public async Task Where_only_reports_are_allowed_nobody_is_asked_what_was_written()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl, policy: WritePolicy.Report);
        Assert.Equal(WriteManner.Report, (await writer.PlanAsync(Case.Mild)).Manner);
        Assert.All(server.Requests, request => Assert.Equal("metadata", request.Path));
    }

    [Fact]
    public async Task A_server_that_hangs_ends_the_planning_with_its_deadline()
    {
        using var server = Simulator.Start(Vendors.Hapi, []).Inject(Faults.Hang());
        await using var writer = new Writer(server.BaseUrl, configure: options => options with { Deadline = TimeSpan.FromMilliseconds(500) });
        var error = await Assert.ThrowsAsync<FhirServerException>(() => writer.PlanAsync(Case.Mild));
        Assert.Equal(ServerFault.Unavailable, error.Fault);
    }

    [Fact]
    public async Task An_overridden_card_keeps_its_proposal_from_being_planned_and_written()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl, new() { Overridden = [new(Rule.Lab3, Case.AsOf - TimeSpan.FromDays(2), Deficiency.Confirmed)] });
        Assert.Contains((await writer.PlanAsync(Case.Mild)).Steps, step => step is { Rule: Rule.Lab3, Action: WriteAction.Leave, State: WriteState.Rejected });
        await writer.WriteAsync(Case.Mild);
        Assert.DoesNotContain(server.Resources, resource => resource.Text("resourceType") == "ServiceRequest");
        Assert.Contains(server.Resources, resource => resource.Text("resourceType") == "MedicationRequest");

        // An override of long ago, or of a card about a milder state, no longer counts.
        await using var later = new Writer(server.BaseUrl, new() { Overridden = [new(Rule.Lab3, Case.AsOf - TimeSpan.FromDays(200), Deficiency.Confirmed), new(Rule.Lab3, Case.AsOf, Deficiency.Possible)] });
        await later.WriteAsync(Case.Mild);
        Assert.Contains(server.Resources, resource => resource.Text("resourceType") == "ServiceRequest");
    }

    private static IEnumerable<string> Told(IEnumerable<WriteStep> steps) =>
        steps.Select(step => $"{step.Action} {step.State} {step.Type} {step.Identifier} {step.Obstacle}").Order(StringComparer.Ordinal);
}
