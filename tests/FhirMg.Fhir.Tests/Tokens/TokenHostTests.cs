using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tests.Pulling;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>A token is sent to its own FHIR base only, whatever the server's answers point to.</summary>
public sealed class TokenHostTests
{
    private readonly string _secret = Path.GetRandomFileName();

    public static TheoryData<string> Ways => ["redirect", "permanent redirect", "next link", "next link below another base", "redirect of the token's own host to another port"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_is_sent_nowhere_else(string way)
    {
        using var other = Bystander.Start();
        await using var auth = await Auth();
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.LongResources()).RequireToken(auth);
        simulator.Inject(way switch
        {
            "redirect" => Faults.RedirectTo(other.Url),
            "permanent redirect" => Faults.RedirectTo(other.Url, 308),
            "next link" => Faults.NextLinkTo(other.Url),
            "next link below another base" => Faults.NextLinkTo(new(simulator.BaseUrl, "/other")),
            _ => Faults.RedirectTo(new($"http://127.0.0.1:{other.Url.Port}/fhir")),
        });
        await using var pull = Client(simulator);
        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.ReadAsync(Chart.Patient));
        Assert.Contains("never called", error.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
        Assert.Contains(simulator.Requests, request => request.Authorization?.StartsWith("Bearer ", StringComparison.Ordinal) == true);
        Assert.All(simulator.Requests, request => Assert.StartsWith(simulator.BaseUrl.AbsolutePath, request.Url.AbsolutePath, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reference_to_another_host_is_not_followed()
    {
        using var other = Bystander.Start();
        await using var auth = await Auth();
        using var simulator = Simulator.Start(Vendors.Hapi, [.. Chart.Resources(), JsonNode.Parse($$$"""
            {"resourceType":"MedicationRequest","id":"elsewhere","status":"active","intent":"order","subject":{"reference":"Patient/{{{Chart.Patient}}}"},
             "medicationReference":{"reference":"{{{other.Url}}}fhir/Medication/1"}}
            """)!.AsObject()]).RequireToken(auth);
        await using var pull = Client(simulator);
        var report = await pull.ReportAsync(Chart.Patient);
        Assert.True((int)report["unresolvedMedicines"]! > 0);
        Assert.Empty(other.Requests);
        Assert.All(simulator.Requests.Where(request => request.Path is not ("metadata" or ".well-known/smart-configuration")), request => Assert.StartsWith("Bearer ", request.Authorization!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redirect_within_the_base_is_followed_with_it()
    {
        await using var auth = await Auth();
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources()).RequireToken(auth);
        simulator.Inject(Faults.RedirectTo(simulator.BaseUrl, 307).On("Condition").Once());
        await using var pull = Client(simulator);
        Assert.True((bool)(await pull.ReportAsync(Chart.Patient))["migraine"]!["present"]!);
    }

    private Task<AuthServer> Auth() => AuthServer.StartAsync(new() { Clients = [new("client") { Secret = _secret }] });

    private Pull Client(Simulator simulator) => new(simulator.BaseUrl, options => options with
    {
        Auth = ServerAuth.BackendServices, ClientId = "client", ClientSecret = _secret, Scopes = "system/*.rs",
    });
}
