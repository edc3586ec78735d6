using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>A FHIR server (at <c>/fhir</c>) and token endpoint (at <c>/token</c>) that answer whatever a test wants.</summary>
internal sealed class Stub : IAsyncDisposable
{
    private readonly ConcurrentQueue<Seen> _seen = new();
    private readonly WebApplication _app;

    private Stub(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    public Uri Base => new(Url, "/fhir");

    public IReadOnlyList<Seen> Requests => [.. _seen];

    public IReadOnlyList<Seen> TokenRequests => [.. _seen.Where(seen => seen.Path.StartsWith("/token", StringComparison.Ordinal))];

    /// <summary>Members of the SMART configuration beside the token endpoint, or instead of it.</summary>
    public JsonObject Configuration { get; set; } = [];

    public Func<Seen, Reply?> Answer { get; set; } = _ => null;

    public Func<Seen, Reply> Token { get; set; } = _ => Reply.Token();

    public static async Task<Stub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var stub = new Stub(builder.Build());
        stub._app.Run(stub.ServeAsync);
        await stub._app.StartAsync();
        stub.Url = new(stub._app.Urls.First());
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var request = context.Request;
        var seen = new Seen(request.Method, request.Path, request.Headers.Authorization,
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
        _seen.Enqueue(seen);
        var reply = Answer(seen) ?? Usual(seen);
        if (reply.Delay > TimeSpan.Zero)
        {
            await Task.Delay(reply.Delay, context.RequestAborted);
        }

        if (reply.Abort)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.Type;
        context.Response.Headers.RetryAfter = reply.RetryAfter;
        context.Response.Headers.Location = reply.Location;
        await context.Response.WriteAsync(reply.Body);
    }

    private Reply Usual(Seen seen) => seen.Path switch
    {
        "/fhir/.well-known/smart-configuration" => new(200, Merged().ToJsonString()),
        "/token" => Token(seen),
        _ => new(404, "<html><body><h1>Not found</h1></body></html>", "text/html"),
    };

    private JsonObject Merged()
    {
        var merged = Configuration.DeepClone().AsObject();
        merged.TryAdd("token_endpoint", new Uri(Url, "/token").AbsoluteUri);
        return merged;
    }
}
