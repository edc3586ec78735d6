using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tests.Pulling;
using FhirMg.Fhir.Tokens;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>A token that somebody brings, in place of one of our own.</summary>
public sealed class CallerTokenTests
{
    [Fact]
    public async Task It_goes_with_every_call_of_the_server_that_it_is_for()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl);
        var server = pull.Server.As(new("secret-of-the-user", new([])));
        await server.GetAsync("Patient/x", TestContext.Current.CancellationToken);
        await pull.Server.GetAsync("Patient/x", TestContext.Current.CancellationToken);
        Assert.Equal(["Bearer secret-of-the-user", null], simulator.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task It_reaches_no_other_host()
    {
        using var other = Bystander.Start();
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl);
        var server = pull.Server.As(new("secret-of-the-user", new([])));
        await Assert.ThrowsAsync<FhirServerException>(() => server.GetAsync($"{other.Url}Patient/x", TestContext.Current.CancellationToken));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task What_is_granted_to_it_decides_what_can_be_done()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl);
        var server = pull.Server.As(new("t", new(["patient/Observation.rs"])));
        var capability = await server.GrantedCapabilityAsync(TestContext.Current.CancellationToken);
        Assert.True(capability["Observation"].Can("search-type"));
        Assert.False(capability["Condition"].Can("search-type"));
    }

    [Fact]
    public void It_stands_in_no_text() => Assert.DoesNotContain("secret", new CallerToken("secret", new([])).ToString(), StringComparison.Ordinal);
}
