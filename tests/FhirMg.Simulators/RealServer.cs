using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>A FHIR R4 server that really stores, searches and versions: <c>tests/fhir-server</c>, run by Node.js on a free loopback port.</summary>
public sealed class RealServer : IAsyncDisposable
{
    private const string Announcement = "listening on ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly HttpClient http;

    private RealServer(Process process, Uri baseUrl)
    {
        this.process = process;
        BaseUrl = baseUrl;
        http = new HttpClient { BaseAddress = new Uri(baseUrl, "/") };
    }

    /// <summary>The FHIR base, without a slash at its end: <c>http://127.0.0.1:PORT/fhir</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Starts a server of its own for the caller.</summary>
    /// <exception cref="InvalidOperationException">Node.js or the server's packages are missing, or it did not start; the message says what to do.</exception>
    public static async Task<RealServer> StartAsync(RealServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        var folder = Folder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            throw new InvalidOperationException("tests/fhir-server has no node_modules: run `npm ci` there (tests/run.sh does)");
        }

        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { "server.mjs", "0" }.Concat((options ?? new RealServerOptions()).Arguments()))
        {
            start.ArgumentList.Add(argument);
        }

        var process = Launched(start);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartLimit, cancellationToken);
            return line?.StartsWith(Announcement, StringComparison.Ordinal) == true
                ? new RealServer(process, new Uri(line[Announcement.Length..]))
                : throw new InvalidOperationException("tests/fhir-server did not start: " + await errors);
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    /// <summary>All resources the server holds, newest versions, in order of type and creation. Never delayed, never failing on purpose.</summary>
    public async Task<IReadOnlyList<JsonObject>> DumpAsync(CancellationToken cancellationToken = default)
    {
        var bundle = await http.GetFromJsonAsync<JsonObject>(new Uri("dump", UriKind.Relative), cancellationToken);
        return [.. (bundle?["entry"]?.AsArray() ?? []).Select(e => e!["resource"]!.DeepClone().AsObject())];
    }

    /// <summary>Stores resources as they are, with their id and meta, without validation, visible to searches at once.</summary>
    public async Task LoadAsync(IEnumerable<JsonObject> resources, CancellationToken cancellationToken = default)
    {
        var entries = resources.Select(r => new JsonObject { ["resource"] = r.DeepClone() }).ToArray<JsonNode>();
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "collection", ["entry"] = new JsonArray(entries) };
        using var content = JsonContent.Create(bundle);
        await PostAsync("load", content, cancellationToken);
    }

    /// <summary>Forgets all resources, cursors and recorded requests, and begins the sequence of failures anew.</summary>
    public Task ResetAsync(CancellationToken cancellationToken = default) => PostAsync("reset", null, cancellationToken);

    /// <summary>The FHIR requests since the start or the last reset, each with <c>method</c>, <c>url</c>, <c>headers</c>, <c>status</c>, <c>failure</c>.</summary>
    public async Task<IReadOnlyList<JsonObject>> RequestsAsync(CancellationToken cancellationToken = default) =>
        await http.GetFromJsonAsync<List<JsonObject>>(new Uri("requests", UriKind.Relative), cancellationToken) ?? [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await EndAsync(process);
    }

    private static Process Launched(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidOperationException("Node.js 20 or newer is needed to run tests/fhir-server, and `node` was not found", error);
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "fhir-server");
            if (File.Exists(Path.Combine(candidate, "server.mjs")))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException("tests/fhir-server was not found above " + AppContext.BaseDirectory);
    }

    private async Task PostAsync(string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
