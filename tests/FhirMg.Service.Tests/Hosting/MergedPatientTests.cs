using FhirMg.Fhir.Servers;
using FhirMg.Service.Evaluating;
using FhirMg.Service.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>A merged patient is followed to the one that lives on.</summary>
public sealed class MergedPatientTests
{
    private static readonly DateTimeOffset AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_patient_that_lives_on_is_evaluated_and_it_is_said()
    {
        var evaluated = await EvaluateAsync("old", new()
        {
            ["Patient/old"] = Merged("old", "mid"),
            ["Patient/mid"] = Merged("mid", "new"),
            ["Patient/new"] = """{"resourceType":"Patient","id":"new","birthDate":"1980-01-01","link":[{"other":{"reference":"Patient/old"},"type":"replaces"}]}""",
        });
        Assert.Equal("Patient/new", evaluated.Assessment.Features.Patient);
        Assert.Equal("Patient/old was merged into Patient/new, who was evaluated", evaluated.Merge);
    }

    [Fact]
    public async Task A_circle_of_merges_is_an_error_and_no_endless_walk()
    {
        var fault = await Assert.ThrowsAsync<FhirServerException>(() => EvaluateAsync("a", new() { ["Patient/a"] = Merged("a", "b"), ["Patient/b"] = Merged("b", "a") }));
        Assert.Contains("circle", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patient_that_was_not_merged_is_evaluated_as_it_is()
    {
        var evaluated = await EvaluateAsync("p", new() { ["Patient/p"] = """{"resourceType":"Patient","id":"p","birthDate":"1980-01-01","link":[{"other":{"reference":"Patient/q"},"type":"seealso"}]}""" });
        Assert.Equal("Patient/p", evaluated.Assessment.Features.Patient);
    }

    private static string Merged(string id, string by) =>
        $$"""{"resourceType":"Patient","id":"{{id}}","active":false,"link":[{"other":{"reference":"Patient/{{by}}"},"type":"replaced-by"}]}""";

    private static async Task<EvaluatedPatient> EvaluateAsync(string id, Dictionary<string, string> patients)
    {
        await using var hospital = await Hospital.StartAsync(patients);
        await using var service = await RunningService.StartAsync(RunningService.Serving(hospital.Url));
        var tenant = service.Services.GetRequiredService<TenantRegistry>().All[0];
        return await PatientEvaluation.EvaluateAsync(tenant, tenant.Server, id, AsOf, TestContext.Current.CancellationToken);
    }
}
