using System.Net;
using FhirMg.Sandbox.Authorization;

namespace FhirMg.Sandbox.Tests;

public sealed class ScopeTests(SharedHospital shared) : IClassFixture<SharedHospital>
{
    private const string Patient = "adult-mild-with-migraine-p1";
    private const string Other = "acute-attack-in-emergency-p1";
    private readonly Hospital _hospital = shared.Hospital;

    [Fact]
    public async Task Without_a_token_there_is_nothing_but_the_statement()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("Patient", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("metadata", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("Patient", "made-up"));
    }

    [Theory]
    [InlineData("patient/*.rs")]
    [InlineData("patient/*.read")]
    public async Task A_patient_scope_shows_one_patient_and_writes_nothing(string scope)
    {
        var token = await TokenAsync(scope);
        Assert.Equal([Patient], Hospital.Ids(await _hospital.GetAsync("Patient", token)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync($"Patient/{Other}", token));
        Assert.Empty(Hospital.Ids(await _hospital.GetAsync($"Condition?patient={Other}", token)));
        Assert.Equal(HttpStatusCode.Forbidden, (await _hospital.SendAsync(HttpMethod.Post, "MedicationRequest", FhirTests.Order("urn:test", "s1"), token)).Response.StatusCode);
    }

    [Fact]
    public async Task Writing_stays_with_the_patient_in_context()
    {
        var token = await TokenAsync("patient/MedicationRequest.cu patient/Patient.r");
        Assert.Equal(HttpStatusCode.Created, (await _hospital.SendAsync(HttpMethod.Post, "MedicationRequest", FhirTests.Order("urn:test", "s2"), token)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _hospital.SendAsync(HttpMethod.Post, "MedicationRequest", FhirTests.Order("urn:test", "s3", Other), token)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync($"MedicationRequest?patient={Patient}", token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"Patient/{Patient}", token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("Patient", token));
    }

    [Fact]
    public async Task A_granular_scope_shows_what_meets_its_search()
    {
        Assert.NotEmpty(Hospital.Ids(await _hospital.GetAsync("Observation", await TokenAsync("patient/Observation.rs?status=final"))));
        Assert.Empty(Hospital.Ids(await _hospital.GetAsync("Observation", await TokenAsync("patient/Observation.rs?status=cancelled"))));
    }

    private async Task<string> TokenAsync(string scope) =>
        (string)(await new SmartApp(_hospital, "public").LaunchAsync($"launch {scope}", new LaunchContext(Patient, "petrova")))["access_token"]!;

    private async Task<HttpStatusCode> StatusAsync(string url, string? token) => (await _hospital.SendAsync(HttpMethod.Get, url, null, token)).Response.StatusCode;
}
