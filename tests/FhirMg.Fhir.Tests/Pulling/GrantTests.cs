using FhirMg.Fhir.Servers;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Pulling;

/// <summary>What is granted decides what is done, whatever the server could do.</summary>
public sealed class GrantTests
{
    private readonly string _secret = Path.GetRandomFileName();

    [Fact]
    public async Task A_type_that_is_not_granted_is_not_asked_for_and_its_rules_are_not_checked()
    {
        await using var auth = await Auth("system/Patient.rs", "system/Observation.rs", "system/Condition.rs");
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources()).RequireToken(auth);
        await using var pull = Client(simulator);
        var report = await pull.ReportAsync(Chart.Patient);
        Assert.Contains("allergies", report["notRead"]!.AsArray().Select(kind => (string?)kind));
        Assert.Contains("SAFE-6", report["notChecked"]!.AsArray().Select(rule => (string?)rule));
        Assert.DoesNotContain(simulator.Requests, request => request.Type == "AllergyIntolerance");
    }

    [Fact]
    public async Task Without_a_scope_to_write_nothing_can_be_created()
    {
        await using var auth = await AuthServer.StartAsync(new() { Clients = [new("client") { Secret = _secret }] });
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources()).RequireToken(auth);
        await using var pull = Client(simulator, "system/*.rs");
        var capability = await pull.Server.GrantedCapabilityAsync(TestContext.Current.CancellationToken);
        Assert.True(capability["MedicationRequest"].Can("search-type"));
        Assert.False(capability["MedicationRequest"].Can("create"));
    }

    private Task<AuthServer> Auth(params string[] granted) =>
        AuthServer.StartAsync(new() { Clients = [new("client") { Secret = _secret, GrantOnly = granted }] });

    private Pull Client(Simulator simulator, string? scopes = null) => new(simulator.BaseUrl, options => options with
    {
        Auth = ServerAuth.BackendServices, ClientId = "client", ClientSecret = _secret, WritePolicy = WritePolicy.Write, Scopes = scopes,
    });
}
