using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Simulators;

namespace FhirMg.Screening.Tests.Bulk;

/// <summary>A server without <c>$export</c>: its patients are listed to the last page and read one by one.</summary>
public class PatientSearchTests
{
    [Fact]
    public async Task All_patients_are_read_by_searches_to_the_last_page()
    {
        var resources = Population.Of(45);
        using var server = Simulator.Start(Vendors.Hapi, resources.Select(resource => (JsonObject)resource.DeepClone()));
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.False(outcome.IsBulk);
        Assert.Empty(outcome.Problems);
        Assert.Contains(outcome.Notes, note => note.Contains("exports nothing", StringComparison.Ordinal));
        Assert.Equal(Population.Names(resources), fetching.Names().Distinct());
    }

    [Fact]
    public async Task A_groups_patients_are_read_without_those_that_have_left()
    {
        var group = new JsonObject
        {
            ["resourceType"] = "Group",
            ["id"] = "g1",
            ["member"] = new JsonArray(
                new JsonObject { ["entity"] = new JsonObject { ["reference"] = "Patient/p1" } },
                new JsonObject { ["entity"] = new JsonObject { ["reference"] = "Patient/p2" }, ["inactive"] = true }),
        };
        using var server = Simulator.Start(Vendors.Hapi, [.. Population.Of(3).Select(resource => (JsonObject)resource.DeepClone()), group]);
        await using var fetching = new Fetching(server.BaseUrl);
        fetching.Options = fetching.Options with { Group = "g1" };

        await fetching.RunAsync();

        Assert.Equal(["Condition/c1", "Observation/o1", "Patient/p1"], fetching.Names().Distinct());
    }

    [Fact]
    public async Task An_unknown_group_is_an_error()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var fetching = new Fetching(server.BaseUrl);
        fetching.Options = fetching.Options with { Group = "nobody" };

        var error = await Assert.ThrowsAsync<FhirServerException>(() => fetching.RunAsync());

        Assert.Contains("there is no Group/nobody", error.Message);
    }

    [Fact]
    public async Task A_patient_that_cannot_be_read_is_named_and_read_by_the_next_run()
    {
        var resources = Population.Of(3);
        using var server = Simulator.Start(Vendors.Hapi, resources.Select(resource => (JsonObject)resource.DeepClone()));
        var isHealed = false;
        server.Inject(new Fault("one chart fails", (_, _, _) => Task.FromResult(Answer.Error(500, "index broken", ErrorStyle.OperationOutcome)))
            .When(request => !isHealed && request.Parameter("patient") == "p2" && request.Type == "Observation"));
        await using var fetching = new Fetching(server.BaseUrl, options => options with { MaxAttempts = 2 });

        var outcome = await fetching.RunAsync();

        Assert.Contains(outcome.Problems, problem => problem.StartsWith("1 of 3 patients", StringComparison.Ordinal));
        Assert.Contains(outcome.Problems, problem => problem.StartsWith("Patient/p2:", StringComparison.Ordinal));
        Assert.DoesNotContain("Patient/p2", fetching.Names());

        isHealed = true;
        Assert.Empty((await fetching.ResumeAsync()).Problems);
        Assert.Equal(Population.Names(resources), fetching.Names().Distinct());
    }
}
