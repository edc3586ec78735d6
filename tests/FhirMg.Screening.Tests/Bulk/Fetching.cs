using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Bulk;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Screening.Tests.Bulk;

/// <summary>A client as the product registers it, with a directory of its own.</summary>
internal sealed class Fetching : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _root = Directory.CreateTempSubdirectory("bulk-tests-").FullName;

    public Fetching(Uri baseUrl, Func<FhirServerOptions, FhirServerOptions>? configure = null)
    {
        var options = new FhirServerOptions { Name = "hospital", BaseUrl = baseUrl, Deadline = TimeSpan.FromSeconds(20), BreakerFailureRatio = 1 };
        _services = new ServiceCollection().AddFhirServers(configure?.Invoke(options) ?? options).BuildServiceProvider();
        Options = new()
        {
            Server = _services.GetRequiredService<FhirServers>()["hospital"],
            Knowledge = Knowledge.BuiltIn,
            AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero),
            Directory = Path.Combine(_root, "export"),
            FirstWait = TimeSpan.FromMilliseconds(5),
            Patience = TimeSpan.FromSeconds(5),
        };
    }

    public ExportOptions Options { get; set; }

    public ConcurrentQueue<ExportProgress> Progress { get; } = new();

    public async Task<ExportOutcome> RunAsync(CancellationToken? cancellation = null) =>
        await ServerPopulation.FetchAsync(Options, new Collecting(Progress), cancellation ?? TestContext.Current.CancellationToken);

    public Task<ExportOutcome> ResumeAsync()
    {
        Options = Options with { Resume = true };
        return RunAsync();
    }

    /// <summary>The resources in the directory, as <c>Type/id</c>, each as often as it is there.</summary>
    public IReadOnlyList<string> Names() => [.. Resources().Select(resource => $"{resource["resourceType"]}/{resource["id"]}").Order(StringComparer.Ordinal)];

    public IEnumerable<JsonNode> Resources() => Directory.GetFiles(Path.Combine(Options.Directory, "files")).Order(StringComparer.Ordinal)
        .SelectMany(path => Content(path).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => JsonNode.Parse(line)!);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private static string Content(string path)
    {
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress) : File.OpenRead(path);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed class Collecting(ConcurrentQueue<ExportProgress> queue) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => queue.Enqueue(value);
    }
}
