using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirMg.Simulators;

/// <summary>A request that came to a <see cref="BulkServer"/> or its storage.</summary>
/// <param name="Method">GET, DELETE …</param>
/// <param name="Path">The path, from the root.</param>
/// <param name="Query">With its question mark; empty for none.</param>
/// <param name="Authorization">The header; null for none.</param>
/// <param name="Range">The header; null for none.</param>
/// <param name="Prefer">The header; null for none.</param>
/// <param name="Key">The gateway's header <c>X-Key</c>; null for none.</param>
public sealed record BulkRequest(string Method, string Path, string Query, string? Authorization, string? Range, string? Prefer, string? Key);

/// <summary>A server of Bulk Data 2.0 with a storage on another host (127.0.0.2), and every quirk and fault of <see cref="BulkServerOptions"/>.</summary>
public sealed class BulkServer : IAsyncDisposable
{
    private const string Base = "/fhir/r4";
    private static readonly IPAddress StorageAddress = IPAddress.Parse("127.0.0.2");
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<BulkRequest> _requests = new();
    private readonly ConcurrentQueue<BulkRequest> _storageRequests = new();
    private readonly ConcurrentDictionary<int, BulkJob> _jobs = new();
    private readonly IReadOnlyList<JsonObject> _resources;
    private Uri _storage = null!;
    private int _kickOffs, _inFlight, _mostInFlight;

    private BulkServer(WebApplication app, BulkServerOptions options, IEnumerable<JsonObject> resources) => (_app, Options, _resources) = (app, options, [.. resources]);

    /// <summary>How it behaves.</summary>
    public BulkServerOptions Options { get; set; }

    /// <summary>The FHIR base.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Requests to the server, in order.</summary>
    public IReadOnlyList<BulkRequest> Requests => [.. _requests];

    /// <summary>Requests to the storage, in order.</summary>
    public IReadOnlyList<BulkRequest> StorageRequests => [.. _storageRequests];

    /// <summary>The kick-offs, in order.</summary>
    public IReadOnlyList<BulkRequest> KickOffs => [.. _requests.Where(request => request.Path.EndsWith("$export", StringComparison.Ordinal))];

    /// <summary>The downloads, wherever the files lie.</summary>
    public IReadOnlyList<BulkRequest> Downloads => [.. _requests.Concat(_storageRequests).Where(request => request.Path.Contains("/files/", StringComparison.Ordinal))];

    /// <summary>The most files that were in flight at once.</summary>
    public int MostInFlight => _mostInFlight;

    /// <summary>Jobs that nobody has deleted.</summary>
    public int OpenJobs => _jobs.Values.Count(job => !job.IsDeleted);

    /// <summary>Is called before a single resource is sent, with its <c>Type/id</c>.</summary>
    public Func<string, Task>? BeforeRead { get; set; }

    /// <summary>Is called before a file is sent, with its number among all.</summary>
    public Func<int, Task>? BeforeFile { get; set; }

    /// <summary>Starts a server on free loopback ports.</summary>
    public static async Task<BulkServer> StartAsync(IEnumerable<JsonObject> resources, BulkServerOptions? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(StorageAddress, 0);
        });
        var server = new BulkServer(builder.Build(), options ?? new(), resources);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        server.BaseUrl = new(addresses.Single(address => address.Host == "127.0.0.1"), Base);
        server._storage = addresses.Single(address => address.Host == "127.0.0.2");
        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var request = new BulkRequest(context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "",
            headers.Authorization.FirstOrDefault(), headers.Range.FirstOrDefault(), headers["Prefer"].FirstOrDefault(), headers["X-Key"].FirstOrDefault());
        // By address, not by port: the system gives both listeners the same free port now and then.
        var atStorage = StorageAddress.Equals(context.Connection.LocalIpAddress);
        (atStorage ? _storageRequests : _requests).Enqueue(request);
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (atStorage)
        {
            await FileAsync(context, parts, atStorage);
            return;
        }

        if (parts is ["fhir", "r4", "metadata"])
        {
            await JsonAsync(context, 200, Capability());
            return;
        }

        var isFile = parts.Contains("files");
        if (Options.Token is { } token && !(isFile && !Options.RequiresAccessToken) && request.Authorization != $"Bearer {token}")
        {
            await OutcomeAsync(context, 401, "a token is needed");
            return;
        }

        await (parts switch
        {
            [.., "$export"] => KickOffAsync(context, parts[2..^1]),
            [.., "jobs", var job] => StatusAsync(context, int.Parse(job)),
            [.., "files", _, _] => FileAsync(context, parts, atStorage),
            [.., var type, var id] when _resources.FirstOrDefault(resource => (string)resource["resourceType"]! == type && (string?)resource["id"] == id) is { } resource => ReadAsync(context, $"{type}/{id}", resource),
            _ => OutcomeAsync(context, 404, "there is nothing here"),
        });
    }

    private async Task ReadAsync(HttpContext context, string name, JsonObject resource)
    {
        await (BeforeRead?.Invoke(name) ?? Task.CompletedTask);
        await (Options.Reads.TryGetValue(name, out var status) ? SayAsync(context, new(status, "0")) : JsonAsync(context, 200, resource));
    }

    private async Task KickOffAsync(HttpContext context, string[] at)
    {
        var number = Interlocked.Increment(ref _kickOffs) - 1;
        if (number < Options.KickOffs.Count)
        {
            await SayAsync(context, Options.KickOffs[number]);
            return;
        }

        if (Options.WithoutExportAt.Contains(at.Length == 0 ? "" : at[0]))
        {
            await OutcomeAsync(context, 404, "no such operation");
            return;
        }

        if (Options.Refuses.FirstOrDefault(context.Request.Query.ContainsKey) is { } refused)
        {
            await OutcomeAsync(context, 400, $"the parameter {refused} is not supported");
            return;
        }

        var types = Options.HeedsTypes && context.Request.Query["_type"].FirstOrDefault() is { } list ? list.Split(',') : null;
        var job = new BulkJob(_jobs.Count + 1, _resources.Where(resource => types?.Contains((string)resource["resourceType"]!) ?? true)
            .Where(resource => !Options.ExportsNot.Contains((string)resource["resourceType"]!)), Options);
        _jobs[job.Number] = job;
        context.Response.Headers.ContentLocation = $"{(Options.StatusBesideBase ? new Uri(BaseUrl, "/bulk").AbsoluteUri : BaseUrl.AbsoluteUri)}/jobs/{job.Number}";
        context.Response.StatusCode = 202;
    }

    private async Task StatusAsync(HttpContext context, int number)
    {
        var isKnown = _jobs.TryGetValue(number, out var job) && !job.IsDeleted;
        if (context.Request.Method == "DELETE")
        {
            if (isKnown)
            {
                job!.IsDeleted = true;
            }

            context.Response.StatusCode = Options.DeleteStatus;
            return;
        }

        if (!isKnown || number <= Options.LosesJobs)
        {
            await OutcomeAsync(context, 404, "unknown job");
            return;
        }

        var status = $"{BaseUrl.GetLeftPart(UriPartial.Authority)}{context.Request.Path}";
        var place = Options.Place == FilePlace.Storage ? _storage : BaseUrl;
        if (int.TryParse(context.Request.Query["page"], out var page))
        {
            await JsonAsync(context, 200, job!.Manifest(place, status, page));
            return;
        }

        var asked = job!.CountStatus();
        if (asked < Options.Statuses.Count)
        {
            await SayAsync(context, Options.Statuses[asked]);
            return;
        }

        job.RenewLinks();
        await JsonAsync(context, 200, job.Manifest(place, status, page: 0));
    }

    private async Task FileAsync(HttpContext context, string[] parts, bool atStorage)
    {
        var job = _jobs[int.Parse(parts[^2])];
        if (job.IsDeleted)
        {
            await OutcomeAsync(context, 404, "the job is deleted");
            return;
        }

        if (Options.Place == FilePlace.RedirectedToStorage && !atStorage)
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = $"{_storage.AbsoluteUri.TrimEnd('/')}/files/{parts[^2]}/{parts[^1]}{context.Request.QueryString}";
            return;
        }

        if (atStorage && context.Request.Headers.Authorization.Count > 0)
        {
            context.Response.StatusCode = 400;
            return;
        }

        var now = Interlocked.Increment(ref _inFlight);
        InterlockedMax(ref _mostInFlight, now);
        try
        {
            try
            {
                await (BeforeFile?.Invoke(job.CountDownload()) ?? Task.CompletedTask);
                await Task.Delay(Options.FileTakes, context.RequestAborted);
            }
            finally
            {
                // Before the answer, since whoever has it may already ask again.
                Interlocked.Decrement(ref _inFlight);
            }

            await job.SendAsync(context, parts[^1]);
        }
        catch (OperationCanceledException)
        {
            // The client has given up on this file.
        }
    }

    private static JsonObject Capability() => new()
    {
        ["resourceType"] = "CapabilityStatement",
        ["fhirVersion"] = "4.0.1",
        ["rest"] = new JsonArray(new JsonObject
        {
            ["mode"] = "server",
            ["resource"] = new JsonArray([.. new[]
            {
                "Patient", "Observation", "Condition", "Encounter", "MedicationRequest", "MedicationStatement", "MedicationAdministration",
                "Medication", "QuestionnaireResponse",
            }.Select(type => new JsonObject { ["type"] = type, ["interaction"] = new JsonArray(new JsonObject { ["code"] = "read" }) })]),
        }),
    };

    private static async Task SayAsync(HttpContext context, StatusAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is not null)
        {
            context.Response.Headers.RetryAfter = answer.RetryAfter;
        }

        if (answer.Progress is not null)
        {
            context.Response.Headers["X-Progress"] = answer.Progress;
        }

        if (answer.Status >= 400)
        {
            await OutcomeAsync(context, answer.Status, "not now");
        }
    }

    private static Task OutcomeAsync(HttpContext context, int status, string text) => JsonAsync(context, status, new()
    {
        ["resourceType"] = "OperationOutcome",
        ["issue"] = new JsonArray(new JsonObject { ["severity"] = "error", ["code"] = "processing", ["diagnostics"] = text }),
    });

    private static Task JsonAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/fhir+json";
        return context.Response.WriteAsync(body.ToJsonString());
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
