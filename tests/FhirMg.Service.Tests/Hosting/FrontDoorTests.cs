using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FhirMg.Service.Access;
using FhirMg.Service.Hosting;
using FhirMg.Service.Store;
using FhirMg.Service.Tests.Hooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>Where the service is found, and who is remembered to have asked.</summary>
public sealed class FrontDoorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_root_says_where_everything_is()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(new("http://127.0.0.1:9/fhir")));
        var places = JsonNode.Parse(await service.Http.GetStringAsync(new Uri("", UriKind.Relative), Cancellation))!.AsObject();
        foreach (var place in new[] { "cdsServices", "fhir", "openApi", "metrics" })
        {
            using var answer = await service.Http.GetAsync(new Uri((string)places[place]!), Cancellation);
            Assert.True(answer.IsSuccessStatusCode, $"{place}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public void A_port_that_somebody_else_has_is_left_to_them()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.NotEqual(port, DemoHospital.FreePort(port));
        taken.Stop();
        Assert.Equal(port, DemoHospital.FreePort(port));
    }

    [Fact]
    public async Task Operations_leave_entries_in_the_access_log_also_when_they_fail()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(new("http://127.0.0.1:9/fhir")), time: new SampleTime());
        var bundle = await File.ReadAllTextAsync(Repository.Path("fhir-samples", "adult-mild-with-migraine", "bundle.json"), Cancellation);
        using var body = new StringContent(bundle, System.Text.Encoding.UTF8, "application/fhir+json");
        using var answer = await service.Http.PostAsync(new Uri("fhir/$evaluate", UriKind.Relative), body, Cancellation);
        using var failed = await service.Http.GetAsync(new Uri("fhir/PlanDefinition/magnesium-migraine/$apply?subject=Patient/p9", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(failed.IsSuccessStatusCode);
        await service.Services.GetServices<IHostedService>().OfType<AccessLog>().Single().StopAsync(Cancellation);
        await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        var entries = await store.Set<AccessEntry>().OrderBy(entry => entry.Id).ToListAsync(Cancellation);
        Assert.Equal([("$evaluate", 200), ("$apply", (int)failed.StatusCode)], entries.Select(entry => (entry.Operation, entry.Status)));
        Assert.Contains("RX-1", entries[0].Rules, StringComparison.Ordinal);
        Assert.Equal("hospital", entries[0].Server);
        Assert.StartsWith("Patient/", entries[0].Patient, StringComparison.Ordinal);
        Assert.Equal("Patient/p9", entries[1].Patient);
    }
}
