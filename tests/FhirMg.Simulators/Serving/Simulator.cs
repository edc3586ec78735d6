using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace FhirMg.Simulators;

/// <summary>A vendor's FHIR server, imitated by WireMock.Net over the resources a test gives.</summary>
public sealed class Simulator : IDisposable
{
    private const int LastResort = 1000;
    private readonly ConcurrentQueue<RecordedRequest> requests = new();
    private readonly List<Struck> faults = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly VendorServer server;

    private Simulator(VendorProfile vendor, IEnumerable<JsonObject> resources, TimeProvider clock)
    {
        Vendor = vendor;
        WireMock = WireMockServer.Start();
        BaseUrl = new Uri($"http://127.0.0.1:{WireMock.Port}{vendor.BasePath}");
        server = new VendorServer(vendor, new Store(clock), BaseUrl);
        foreach (var resource in resources)
        {
            server.Store.Load(LocalCodes.Applied(resource, vendor.Codes));
        }

        WireMock.Given(Request.Create().UsingAnyMethod()).AtPriority(LastResort)
            .RespondWith(Response.Create().WithCallback(async message => Wire.Response(await AnswerAsync(Wire.Recorded(message, vendor.BasePath)))));
    }

    /// <summary>The fault, and how often it still strikes.</summary>
    private sealed class Struck(Fault fault)
    {
        private int left = fault.Limit ?? int.MaxValue;

        public Fault Fault { get; } = fault;

        public bool Strikes(RecordedRequest request) => Fault.Concerns(request) && (Fault.Limit is null || Interlocked.Decrement(ref left) >= 0);
    }

    /// <summary>Whose server this is.</summary>
    public VendorProfile Vendor { get; }

    /// <summary>The FHIR base, without a slash at its end unless the vendor's base is the root.</summary>
    public Uri BaseUrl { get; }

    /// <summary>All requests, in order of arrival, the CapabilityStatement's too.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. requests];

    /// <summary>The resources as they are now, in order of creation.</summary>
    public IReadOnlyList<JsonObject> Resources => server.Store.All;

    /// <summary>For how long searches do not see writes: eventual consistency on any vendor.</summary>
    public TimeSpan SearchLag { get => server.Searches.Lag; set => server.Searches.Lag = value; }

    /// <summary>The server underneath, for mappings of a test's own; they come first when their priority is under 1000.</summary>
    public WireMockServer WireMock { get; }

    /// <summary>Starts a vendor's server with resources on a free loopback port.</summary>
    public static Simulator Start(VendorProfile vendor, IEnumerable<JsonObject> resources, TimeProvider? clock = null) => new(vendor, resources, clock ?? TimeProvider.System);

    /// <summary>Wants tokens of an authorization server from now on: 401 without a good one, 403 without the scope; also says where to get them.</summary>
    public Simulator RequireToken(AuthServer auth)
    {
        server.Auth = auth;
        return this;
    }

    /// <summary>Lets faults happen from now on; the one injected first stands nearest to the client.</summary>
    public Simulator Inject(params IEnumerable<Fault> more)
    {
        lock (faults)
        {
            faults.AddRange(more.Select(f => new Struck(f)));
        }

        return this;
    }

    /// <summary>No more faults.</summary>
    public void Heal()
    {
        lock (faults)
        {
            faults.Clear();
        }
    }

    /// <summary>Forgets the requests so far.</summary>
    public void ForgetRequests() => requests.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping.Cancel();
        WireMock.Dispose();
        stopping.Dispose();
    }

    private Task<Answer> AnswerAsync(RecordedRequest plain)
    {
        var request = plain with { IsNextPage = server.Searches.IsPage(plain.Query) };
        requests.Enqueue(request);
        Func<Task<Answer>> rest = () => server.AnswerAsync(request);
        List<Fault> striking;
        lock (faults)
        {
            striking = [.. faults.Where(f => f.Strikes(request)).Select(f => f.Fault)];
        }

        foreach (var fault in striking.AsEnumerable().Reverse())
        {
            var inner = rest;
            rest = () => fault.Behaviour(request, inner, stopping.Token);
        }

        return rest();
    }
}
