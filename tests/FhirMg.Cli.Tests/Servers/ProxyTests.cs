using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Servers;

/// <summary>Proxies by the usual environment variables.</summary>
public sealed class ProxyTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_server_that_only_the_proxy_reaches_is_asked_through_it()
    {
        // The name exists nowhere: whatever answers stands for the proxy.
        using var proxy = Hospital.Start(Vendors.Hapi, Hospital.Mild);
        var run = Through(proxy.BaseUrl, "http_proxy", "http://hospital.invalid/fhir", "--patient", Hospital.MildPatient, "--format", "json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.True(JsonNode.DeepEquals(Hospital.ExpectedReports(Hospital.MildSample), JsonNode.Parse(run.Output)!["reports"]));
        Assert.NotEmpty(proxy.Requests);
    }

    [Fact]
    public async Task To_an_https_server_the_proxy_gets_no_more_than_its_name()
    {
        await using var proxy = RawServer.Start(RawAnswers.Whole("", 502));
        var run = Through(proxy.BaseUrl, "https_proxy", "https://hospital.invalid/fhir", "--patient", Hospital.MildPatient, "--header", $"X-Api-Key: @{_workspace.Write("key", "s3cret")}", "--deadline", "5");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.NotEmpty(proxy.Requests);
        Assert.All(proxy.Requests, head =>
        {
            Assert.StartsWith("CONNECT hospital.invalid:443 ", head, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", head, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void What_no_proxy_names_is_asked_directly()
    {
        using var proxy = Hospital.Start(Vendors.Hapi, []);
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild);
        var run = Fhirmg.Run(Arguments(server.BaseUrl.AbsoluteUri, "--patient", Hospital.MildPatient), "", environment =>
        {
            environment["http_proxy"] = new Uri(proxy.BaseUrl, "/").AbsoluteUri;
            environment["no_proxy"] = "127.0.0.1";
        });
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Empty(proxy.Requests);
    }

    private static Fhirmg Through(Uri proxy, string variable, string server, params string[] arguments) => Fhirmg.Run(Arguments(server, arguments), "", environment =>
    {
        environment[variable] = new Uri(proxy, "/").AbsoluteUri;
        environment["no_proxy"] = null;
        environment["NO_PROXY"] = null;
    });

    private static string[] Arguments(string server, params string[] arguments) => ["evaluate", "--server", server, "--as-of", "2026-11-23T00:00:00Z", .. arguments];
}
