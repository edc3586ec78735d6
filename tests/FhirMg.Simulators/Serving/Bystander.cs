using System.Collections.Concurrent;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace FhirMg.Simulators;

/// <summary>Another host that should not be asked, or at least never with a token: the place of redirects and foreign next links. Answers everything with an empty searchset.</summary>
public sealed class Bystander : IDisposable
{
    private readonly WireMockServer server = WireMockServer.Start();
    private readonly ConcurrentQueue<RecordedRequest> requests = new();

    private Bystander()
    {
        Url = new Uri($"http://localhost:{server.Port}");
        server.Given(Request.Create().UsingAnyMethod()).RespondWith(Response.Create().WithCallback(message =>
        {
            requests.Enqueue(Wire.Recorded(message, ""));
            return Wire.Response(new Answer(200, """{"resourceType":"Bundle","type":"searchset","total":0}"""));
        }));
    }

    /// <summary>Its address: by name, so that it differs from a simulator's in host and port.</summary>
    public Uri Url { get; }

    /// <summary>Who asked it what.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. requests];

    /// <summary>The requests that carried credentials: there should be none.</summary>
    public IReadOnlyList<RecordedRequest> WithCredentials => [.. requests.Where(r => r.Authorization is not null || r.Headers.ContainsKey("Cookie"))];

    /// <summary>Starts one on a free loopback port.</summary>
    public static Bystander Start() => new();

    /// <inheritdoc/>
    public void Dispose() => server.Dispose();
}
