using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>What is granted decides beforehand what is written; what is not granted becomes a suggestion or a report, with the reason.</summary>
public sealed class GrantedTests
{
    private const string AllButMedicines =
        "system/RiskAssessment.crus system/DetectedIssue.crus system/ServiceRequest.crus system/Task.crus system/CommunicationRequest.crus system/RequestGroup.crus system/Provenance.crus system/MedicationRequest.rs";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_type_that_is_not_granted_is_suggested_with_the_reason_and_never_sent(bool noTransaction)
    {
        using var server = Simulator.Start(Vendors.Hapi with { Transactions = !noTransaction }, []);
        await using var writer = new Writer(server.BaseUrl);
        var caller = writer.Server.As(new CallerToken("t", new(AllButMedicines.Split(' '))));
        var result = await WriteBack.ExecuteAsync(caller, Case.Mild.Assess(), Language.English, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete, string.Join('\n', result.Steps));
        var suggested = result.With(WriteOutcome.Suggested).Select(step => step.Step).ToList();
        Assert.All(suggested, step => Assert.Equal(("MedicationRequest", WriteObstacle.NotGranted, "no scope to create a MedicationRequest was granted"), (step.Type, step.Obstacle, step.Reason)));
        Assert.Equal(5, suggested.Count);
        Assert.All(suggested, step => Assert.Equal("MedicationRequest", step.Resource.Text("resourceType")));
        Assert.Equal(["CommunicationRequest", "Provenance", "RiskAssessment", "ServiceRequest"], server.Resources.Select(resource => resource.Text("resourceType")!).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(server.Requests, request => request.Method != "GET" && request.Body.Contains("\"MedicationRequest\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("system/*.rs", "no scope to create a RiskAssessment was granted")]
    [InlineData("system/*.cu", "no scope to search for a RiskAssessment was granted")]
    [InlineData("system/*.read", "no scope to create a RiskAssessment was granted")]
    [InlineData("system/*.crus?patient=Patient/p1", "shows only some RiskAssessment resources")]
    public async Task Where_nothing_can_be_written_exactly_once_nothing_is_sent(string granted, string reason)
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        var caller = writer.Server.As(new CallerToken("t", new([granted])));
        foreach (var steps in new[]
        {
            (await WriteBack.PlanAsync(caller, Case.Mild.Assess(), Language.English, cancellationToken: TestContext.Current.CancellationToken)).Steps,
            (await WriteBack.ExecuteAsync(caller, Case.Mild.Assess(), Language.English, cancellationToken: TestContext.Current.CancellationToken)).Steps.Select(step => step.Step),
        })
        {
            Assert.All(steps, step => Assert.True(step.Action is WriteAction.Suggest or WriteAction.Report));
            Assert.Contains(reason, steps.Single(step => step.Type == "RiskAssessment").Reason, StringComparison.Ordinal);
        }

        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task What_may_not_be_changed_could_not_be_withdrawn_and_is_not_written()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        var caller = writer.Server.As(new CallerToken("t", new(["system/*.crs"])));
        await WriteBack.ExecuteAsync(caller, Case.Mild.Assess(), Language.English, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["Provenance", "RiskAssessment"], server.Resources.Select(resource => resource.Text("resourceType")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Scopes_that_were_not_asked_for_may_be_assumed_for_a_plan_and_never_for_writing()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl);
        var caller = writer.Server.As(new CallerToken("t", new(["system/*.rs"])));
        var options = new WriteBackOptions { AssumesWriteScopes = true };
        Assert.Equal(WriteManner.Transaction, (await WriteBack.PlanAsync(caller, Case.Mild.Assess(), Language.English, options, TestContext.Current.CancellationToken)).Manner);
        await WriteBack.ExecuteAsync(caller, Case.Mild.Assess(), Language.English, options, TestContext.Current.CancellationToken);
        Assert.Empty(server.Resources);
    }
}
