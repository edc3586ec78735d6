using System.Net;
using FhirMg.Fhir.Tokens;
using FhirMg.Simulators;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class TokenRegistrationTests
{
    [Fact]
    public async Task A_registered_client_is_authorized_and_outlives_the_authorization_servers_restart()
    {
        await using var auth = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Jwks = TestKey.PublicSet((TestKey.Curve, "ec-1")) }] });
        await using var server = await Stub.StartAsync();
        server.Answer = seen => seen.Path == "/fhir/Patient/1"
            ? new(auth.Judge(seen.Authorization, "Patient", 'r') == TokenVerdict.Good ? 200 : 401) : null;
        server.Configuration = auth.SmartConfiguration();
        using var key = new KeyOnDisk(TestKey.Curve.Jwk);
        var options = Bench.WithKey(server.Base, key);
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(TimeProvider.System);
        services.AddBackendServices(services.AddHttpClient(options.Name), options);
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(options.Name);

        using var first = await client.GetAsync(new Uri($"{server.Base}/Patient/1"), Bench.Ends);
        auth.RevokeAll();
        using var second = await client.GetAsync(new Uri($"{server.Base}/Patient/1"), Bench.Ends);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(2, auth.Requests.Count);
        Assert.All(auth.Requests, request => Assert.Contains("system/Patient.rs", request.Scope, StringComparison.Ordinal));
    }
}
